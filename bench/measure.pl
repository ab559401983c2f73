#!/usr/bin/perl
# Runs a command while asking for /greeting every 20 ms, and prints three times in seconds: until the command returned,
# until the new greeting was first answered (both from the command's start), and without an answer in all. New is what
# the command brings, also where that is an older release.
#
#   measure.pl ADDRESS PORT NEW_GREETING LOG COMMAND
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Socket qw(SOL_SOCKET SO_RCVTIMEO);
use Time::HiRes qw(time sleep);

use constant { EVERY => 0.02, LIMIT => 120 };
my ($address, $port, $new, $log, $command) = @ARGV;
$SIG{PIPE} = 'IGNORE';

# The greeting, or undef: a connection of its own each time, as a new visitor's would be.
sub ask {
    my $socket = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Timeout => 2) or return;
    $socket->sockopt(SO_RCVTIMEO, pack 'l!l!', 2, 0);
    $socket->autoflush(1);
    print $socket "GET /greeting HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n" or return;
    my $answer = do { local $/; <$socket> };
    return defined $answer && $answer =~ m{\AHTTP/1\.1 200 .*?\r\n\r\n(.*?)\s*\z}s ? $1 : undef;
}

my $old = ask();
die "Nothing answers on port $port before the command.\n" unless defined $old;
die "The new greeting is there before the command: $old\n" if $old eq $new;

pipe my $from_child, my $to_parent or die "pipe: $!";
my $began = time;
my $child = fork // die "fork: $!";
if (!$child) {
    open STDIN, '<', '/dev/null' or die $!;
    open STDOUT, '>>', $log or die $!;
    open STDERR, '>&', \*STDOUT or die $!;
    my $status = system $command;
    syswrite $to_parent, sprintf "%.3f %d\n", time, $status;
    exit 0;
}
close $to_parent;

my ($returned, $answered, $last_answer, $failing, $without) = (undef, undef, $began, 0, 0);
my $select = IO::Select->new($from_child);
until (defined $returned && defined $answered && !$failing) {
    my $asked = time;
    die "Not done after @{[LIMIT]} s.\n" if $asked - $began > LIMIT;
    my $greeting = ask();
    if (defined $greeting) {
        my $now = time;
        $without += $now - $last_answer if $failing;
        ($failing, $last_answer) = (0, $now);
        $answered //= $now if $greeting eq $new;
        die "The old one answers again: $greeting\n" if $answered && $greeting ne $new;
    } else {
        $failing = 1;
    }
    if (!defined $returned && $select->can_read(0)) {
        my $line = <$from_child> // die "The command's parent died.\n";
        ($returned, my $status) = split ' ', $line;
        die "The command failed ($status).\n" if $status;
    }
    my $rest = $asked + EVERY - time;
    sleep $rest if $rest > 0;
}
waitpid $child, 0;
printf "%.2f %.2f %.2f\n", $returned - $began, $answered - $began, $without;
