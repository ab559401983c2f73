#!/usr/bin/perl
# Runs a command and prints what it took of the operator's machine: seconds, seconds of the processor, and the most
# memory in kB at a time, of the ssh that it started and of all else. Memory is counted as the kernel shares it out
# (Pss of smaps_rollup): what processes have in common is there once.
#
#   operator.pl LOG COMMAND
#
# The processor's seconds are those of processes that somebody has waited for: not of an ssh that stays in the background.
use strict;
use warnings;
use POSIX qw(:sys_wait_h);
use Time::HiRes qw(time sleep);

my ($log, $command) = @ARGV;

# Of a process and all that it has started, unless that wants to stay.
sub sample {
    my ($tool, $ssh, @processes) = (0, 0, @_);
    while (defined(my $process = shift @processes)) {
        push @processes, split ' ', slurp($_) // '' for glob "/proc/$process/task/*/children";
        my ($kb) = (slurp("/proc/$process/smaps_rollup") // '') =~ /^Pss:\s+(\d+)/m or next;
        if ((slurp("/proc/$process/comm") // '') eq "ssh\n") { $ssh += $kb } else { $tool += $kb }
    }
    return ($tool, $ssh);
}

sub slurp {
    my ($path) = @_;
    open my $file, '<', $path or return undef;
    local $/;
    return scalar readline $file;
}

my $began = time;
my $child = fork // die "fork: $!";
if (!$child) {
    open STDIN, '<', '/dev/null' or die $!;
    open STDOUT, '>>', $log or die $!;
    open STDERR, '>&', \*STDOUT or die $!;
    exec '/bin/sh', '-c', $command or die "sh: $!";
}
my ($most_tool, $most_ssh, $ended, $look) = (0, 0, 0, 0);
until ($ended) {
    if (time > $look) {
        my $now = time;
        my ($tool, $ssh) = sample($child);
        $most_tool = $tool if $tool > $most_tool;
        $most_ssh = $ssh if $ssh > $most_ssh;
        # A twentieth of the time at the most goes into looking.
        $look = $now + 20 * (time - $now);
    }
    sleep 0.01;
    $ended = waitpid $child, WNOHANG;
}
my $status = $?;
my $seconds = time - $began;
die "The command failed ($status).\n" if $status;
my (undef, undef, $user, $system) = times;
printf "%.2f %.2f %d %d\n", $seconds, $user + $system, $most_ssh, $most_tool;
