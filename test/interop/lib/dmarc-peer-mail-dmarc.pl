# Mail::DMARC as evaluator: answers jobs, a line of JSON each; its questions go out as lines, and their answers
# come in, unless a port of loopback is named, where a server of the DNS is.
use strict;
use warnings;
use JSON::PP;
use Net::DNS;
use Mail::DMARC::PurePerl;

$| = 1;
my $json = JSON::PP->new->canonical->latin1;
sub tell_line { print $json->encode($_[0]), "\n" }
sub next_line { my $line = <STDIN>; return defined $line ? $json->decode($line) : undef }

package Asking;
sub new { return bless {}, shift }
sub tcp_timeout { return }
sub udp_timeout { return }
sub send {
    my ($self, $name, $type) = @_;
    main::tell_line({ ask => [$name, $type] });
    my $answer = main::next_line();
    my $packet = Net::DNS::Packet->new($name, $type);
    return undef if $answer->{status} eq 'timeout';
    for my $data (@{ $answer->{records} || [] }) {
        # Net::DNS reads text as a zone file has it.
        $data =~ s/(["\\])/\\$1/g;
        my @data = $type eq 'TXT' ? (txtdata => [$data]) : (address => $data);
        $packet->push(answer => Net::DNS::RR->new(name => $name, type => $type, ttl => 60, @data));
    }
    return $packet;
}
sub query {
    my ($self, @question) = @_;
    my $packet = $self->send(@question);
    return $packet && $packet->answer ? $packet : undef;
}

package main;
$SIG{__WARN__} = sub { };
my $resolver = @ARGV
    ? Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $ARGV[0], recurse => 0, dnsrch => 0)
    : Asking->new;
while (my $job = next_line()) {
    my $given = $job->{identities};
    my ($result, $applied, $at, @aligned);
    # It draws lots for pct.
    srand(1);
    eval {
        my $dmarc = Mail::DMARC::PurePerl->new;
        $dmarc->config->{report_store}{auto_save} = 0;
        $dmarc->set_resolver($resolver);
        $dmarc->source_ip('192.0.2.1');
        $dmarc->envelope_to('example.com');
        $dmarc->header_from($given->{authorDomains}[0]) if @{ $given->{authorDomains} };
        $dmarc->dkim([map { { domain => $_->{domain}, selector => 's', result => $_->{result} } } @{ $given->{dkim} }]);
        my @spf = map { { domain => $_->{domain}, scope => $_->{identity} eq 'helo' ? 'helo' : 'mfrom', result => $_->{result} } } @{ $given->{spf} };
        $dmarc->spf(\@spf);
        my $found = $dmarc->validate;
        $result = $found->result;
        $applied = lc $found->disposition if $result eq 'fail';
        my $published = eval { $found->published };
        $at = $published->domain if $published;
        push @aligned, 'dkim' if ($found->dkim || '') eq 'pass';
        push @aligned, 'spf' if ($found->spf || '') eq 'pass';
        1;
    } or do { $result = 'died'; $applied = "$@" };
    tell_line({ result => $result, applied => $applied, at => $at, aligned => \@aligned });
}
