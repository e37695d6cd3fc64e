# Mail::DMARC as reader and writer of aggregate reports: a line of JSON for each, with what it has read, and its own XML of that.
use strict;
use warnings;
use JSON::PP;
use MIME::Base64;
use Email::Simple;
use Mail::DMARC::Report::Receive;
use Mail::DMARC::Result::Reason;

my $json = JSON::PP->new->canonical->ascii->convert_blessed->allow_blessed;
# What it prints to who is at the terminal.
open(my $out, '>&', \*STDOUT);
open(STDOUT, '>', '/dev/null');
$SIG{__WARN__} = sub { };

sub plain {
    my ($value) = @_;
    my $kind = "$value" =~ /=?(HASH|ARRAY)\(/ ? $1 : '';
    return $value if !ref $value;
    return { map { $_ => plain($value->{$_}) } keys %$value } if $kind eq 'HASH';
    return [ map { plain($_) } @$value ];
}

no warnings 'redefine';
my $kept;
# In place of its database.
*Mail::DMARC::Report::save_aggregate = sub { $kept = $_[0]->aggregate; return 1 };

while (my $line = <STDIN>) {
    undef $kept;
    my $reader = Mail::DMARC::Report::Receive->new;
    my $kind = eval { $reader->from_email_simple(Email::Simple->new(decode_base64($line))) };
    my $answer = { kind => $kind, error => "$@" };
    if ($kept) {
        my $metadata = $kept->metadata;
        $answer->{metadata} = plain({ %$metadata });
        $answer->{policy} = plain({ %{ $kept->policy_published } });
        $answer->{records} = [ map { plain({ %$_ }) } @{ $kept->record } ];
        my $xml = eval { $kept->as_xml };
        $answer->{xml} = $xml;
        $answer->{error} .= $@;
    }
    print {$out} $json->encode($answer), "\n";
}
