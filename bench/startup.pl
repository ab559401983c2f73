#!/usr/bin/perl
# Runs commands in turns, each as often, and prints how long they took as a Markdown table: of the wall clock and of the
# processors, median and the least and most, and how much that is of the first one and of Ansible.
#
#   startup.pl RUNS NAME COMMAND [NAME COMMAND…]
use strict;
use warnings;
use Time::HiRes qw(time);

my ($runs, @pairs) = @ARGV;
my (@names, @commands, @wall, @cpu);
while (my ($name, $command) = splice @pairs, 0, 2) {
    push @names, $name;
    push @commands, [split ' ', $command];
}
# The first round has all of it read from the disk, and does not count.
for my $round (0 .. $runs) {
    for my $turn (0 .. $#commands) {
        my $each = ($turn + $round) % @commands;
        my @before = times;
        my $began = time;
        my $child = fork // die "fork: $!";
        if (!$child) {
            open STDOUT, '>', '/dev/null' or die $!;
            open STDIN, '<', '/dev/null' or die $!;
            exec @{$commands[$each]} or die "$commands[$each][0]: $!";
        }
        waitpid $child, 0;
        my $took = time - $began;
        die "@{$commands[$each]} ended with $?\n" if $?;
        my @after = times;
        next unless $round;
        push @{$wall[$each]}, 1000 * $took;
        push @{$cpu[$each]}, 1000 * ($after[2] + $after[3] - $before[2] - $before[3]);
    }
}

sub median { my @sorted = sort { $a <=> $b } @_; $sorted[$#sorted / 2] }
sub spread { my @sorted = sort { $a <=> $b } @_; sprintf '%.0f [%.0f to %.0f]', median(@sorted), @sorted[0, -1] }

my ($ansible) = grep { $names[$_] =~ /ansible/ } 0 .. $#names;
print "| median [lowest to highest] | ms | ms of processors | of `java` | of `ansible --version` |\n";
print "| --- | --- | --- | --- | --- |\n";
for my $each (0 .. $#names) {
    printf "| %s | %s | %.0f | %.2f | %.2f |\n", $names[$each], spread(@{$wall[$each]}), median(@{$cpu[$each]}),
        median(@{$wall[$each]}) / median(@{$wall[0]}), median(@{$wall[$each]}) / median(@{$wall[$ansible]});
}
