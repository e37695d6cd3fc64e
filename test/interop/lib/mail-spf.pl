# Mail::SPF as evaluator: answers jobs, a line of JSON each, by a server of the DNS on a port of loopback.
use strict;
use warnings;
use JSON::PP;
use Net::DNS::Resolver;
use Mail::SPF;

$| = 1;
my $json = JSON::PP->new->canonical->latin1;
my $resolver = Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $ARGV[0], recurse => 0, dnsrch => 0);
my $server = Mail::SPF::Server->new(dns_resolver => $resolver, hostname => 'unknown', default_authority_explanation => 'DEFAULT');
while (my $line = <STDIN>) {
    my $job = $json->decode($line);
    my $is_null = $job->{reversePath} eq '';
    my $result = eval {
        my $request = Mail::SPF::Request->new(
            versions => [1],
            scope => $is_null ? 'helo' : 'mfrom',
            identity => $is_null ? $job->{helo} : $job->{reversePath},
            ip_address => $job->{clientAddress},
            helo_identity => $job->{helo},
        );
        $server->process($request);
    };
    if (!$result) { print $json->encode({ result => 'died', text => "$@" }), "\n"; next }
    my $explanation = $result->can('authority_explanation') ? eval { $result->authority_explanation } : undef;
    print $json->encode({ result => $result->code, text => $result->text, explanation => $explanation }), "\n";
}
