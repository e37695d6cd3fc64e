# Mail::DKIM as signer and verifier: answers jobs, a line of JSON each.
use strict;
use warnings;

our $now;
BEGIN { *CORE::GLOBAL::time = sub { $now // CORE::time() } }

use Crypt::OpenSSL::RSA;
use JSON::PP;
use MIME::Base64;
use Mail::DKIM::PrivateKey;
use Mail::DKIM::Signer;
use Mail::DKIM::Verifier;
use Net::DNS;

my %rcodes = (nxdomain => 'NXDOMAIN', servfail => 'SERVFAIL', found => 'NOERROR', nodata => 'NOERROR');

package Zone {
    sub new { my ($class, $names) = @_; return bless { names => $names }, $class }

    sub send {
        my ($self, $name, $type) = @_;
        $name =~ s/\0.*//s;
        my $answer = $self->{names}{ lc $name } // { status => 'nxdomain' };
        $self->{status} = $answer->{status};
        die "DNS query timeout for $name\n" if $answer->{status} eq 'timeout';
        my $packet = Net::DNS::Packet->new('d.example', 'TXT');
        $packet->header->rcode($rcodes{ $answer->{status} });
        for my $text (@{ $answer->{records} // [] }) {
            my @strings = $text =~ /(.{1,255})/gs;
            $packet->push(answer => Net::DNS::RR->new(owner => 'd.example', type => 'TXT', txtdata => @strings ? \@strings : ['']));
        }
        return $packet;
    }
    sub errorstring { return $rcodes{ $_[0]{status} } }
}

sub verify {
    my ($message, $job) = @_;
    local $now = $job->{now};
    Mail::DKIM::DNS::resolver(Zone->new($job->{zone}));
    my $dkim = Mail::DKIM::Verifier->new;
    $dkim->PRINT($message);
    $dkim->CLOSE;
    return { results => [map { $_->result } grep { !$_->isa('Mail::DKIM::DkSignature') } $dkim->signatures] };
}

sub sign {
    my ($message, $job) = @_;
    (my $key = $job->{key}) =~ s/-----[^-]*-----|\s//g;
    my $dkim = Mail::DKIM::Signer->new(
        Algorithm => $job->{algorithm},
        Method => $job->{canonicalization},
        Domain => $job->{domain},
        Selector => $job->{selector},
        Key => Mail::DKIM::PrivateKey->load(Data => $key),
    );
    $dkim->PRINT($message);
    $dkim->CLOSE;
    return { field => encode_base64($dkim->signature->as_string . "\r\n", '') };
}

$| = 1;
my $json = JSON::PP->new->canonical->latin1;
my %jobs = (verify => \&verify, sign => \&sign);
while (my $line = <STDIN>) {
    my $job = $json->decode($line);
    my $answer = eval { $jobs{ $job->{job} }->(decode_base64($job->{message}), $job) };
    print $json->encode($answer // { error => "$@" }), "\n";
}
