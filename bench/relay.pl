#!/usr/bin/perl
# A long way for TCP: takes connections on a port of 127.0.0.1 and carries them to ADDRESS:PORT, with everything arriving
# DELAY_MS later on the other side, in both directions. The port it took is written to PORT_FILE. Ends with its parent.
#
#   relay.pl ADDRESS PORT DELAY_MS PORT_FILE
#
# A connection costs its round trip, as on a real line: kernels shake hands with us at once, so what the client says in
# the first two delays is kept back until then, and the host hears of the connection after three. TCP's slow start is
# not there: each half of the way is a short one.
use strict;
use warnings;
use Errno qw(EAGAIN EINTR EWOULDBLOCK);
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

# What may be under way in one direction: 20 MB/s at 50 ms, and no more, so that a sender feels a slow cable.
use constant { UNDER_WAY => 1 << 20, PIECE => 1 << 16 };

my ($address, $port, $delay, $file) = @ARGV;
$delay /= 1000;
$SIG{PIPE} = 'IGNORE';
my $parent = getppid;

my $listening = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 128) or die "listen: $@";
$listening->blocking(0);
open my $out, '>', "$file.new" or die "$file: $!";
print $out $listening->sockport, "\n";
close $out or die "$file: $!";
rename "$file.new", $file or die "$file: $!";
open my $times, '>>', "$file.times" or die "$file.times: $!";
$times->autoflush(1);

# One direction of a connection. {queue} has [when it is due, bytes], in order; {quiet} until when nothing is read.
my @pairs;

sub now { return clock_gettime(CLOCK_MONOTONIC) }
sub passing { my $code = $! + 0; return $code == EAGAIN || $code == EWOULDBLOCK || $code == EINTR }

sub way { my (%has) = @_; return { queue => [], waiting => 0, ended => 0, shut => 0, quiet => 0, %has } }

sub set_up { my ($socket) = @_; $socket->blocking(0); setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1; return $socket }

sub welcome {
    while (my $client = $listening->accept) {
        my $now = now();
        my $there = way(from => set_up($client), to => undef, quiet => $now + 2 * $delay);
        push @pairs, {
            client => $client, host => undef, at => $now + 3 * $delay, there => $there, back => undef,
            opened => $now, last => $now,
        };
    }
}

sub reach {
    my ($pair) = @_;
    my $host = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Timeout => 5);
    return drop($pair) unless $host;
    $pair->{host} = set_up($host);
    $pair->{there}{to} = $host;
    $pair->{back} = way(from => $host, to => $pair->{client});
}

sub drop {
    my ($pair) = @_;
    $pair->{gone} = 1;
    close $_ for grep { $_ } @$pair{qw(client host)};
    printf $times "%.4f %.4f\n", @$pair{qw(opened last)};
}

sub take {
    my ($way, $pair) = @_;
    my $got = sysread $way->{from}, my $bytes, PIECE;
    if (!defined $got) { drop($pair) unless passing(); return }
    push @{ $way->{queue} }, [now() + $delay, $bytes];
    $way->{waiting} += $got;
    $way->{ended} = 1 unless $got;
}

sub give {
    my ($way, $pair, $now) = @_;
    while (@{ $way->{queue} } && $way->{queue}[0][0] <= $now) {
        my $first = $way->{queue}[0];
        if (length $first->[1]) {
            my $put = syswrite $way->{to}, $first->[1];
            if (!defined $put) { return passing() ? undef : drop($pair) }
            substr $first->[1], 0, $put, '';
            $way->{waiting} -= $put;
            $pair->{last} = $now;
            return if length $first->[1];
        } else {
            shutdown $way->{to}, 1;
            $way->{shut} = 1;
        }
        shift @{ $way->{queue} };
    }
}

while (getppid == $parent) {
    my $now = now();
    my ($read, $write, $wait) = ('', '', 1);
    my $until = sub { my ($then) = @_; $wait = $then - $now if $then - $now < $wait };
    vec($read, fileno $listening, 1) = 1;
    for my $pair (@pairs) {
        reach($pair) if !$pair->{host} && $pair->{at} <= $now;
        next if $pair->{gone};
        $until->($pair->{at}) unless $pair->{host};
        for my $way (grep { $_ } @$pair{qw(there back)}) {
            if ($way->{quiet} > $now) { $until->($way->{quiet}) }
            elsif (!$way->{ended} && $way->{waiting} < UNDER_WAY) { vec($read, fileno $way->{from}, 1) = 1 }
            next unless $way->{to} && @{ $way->{queue} };
            my $due = $way->{queue}[0][0];
            if ($due > $now) { $until->($due) } else { vec($write, fileno $way->{to}, 1) = 1 }
        }
    }
    my $some = select my $can_read = $read, my $can_write = $write, undef, $wait > 0 ? $wait : 0;
    next if $some < 0;
    welcome() if vec $can_read, fileno $listening, 1;
    $now = now();
    for my $pair (@pairs) {
        for my $way (grep { $_ } @$pair{qw(there back)}) {
            take($way, $pair) if !$pair->{gone} && vec($can_read, fileno $way->{from}, 1) && vec($read, fileno $way->{from}, 1);
            give($way, $pair, $now) if !$pair->{gone} && $way->{to} && @{ $way->{queue} };
        }
        drop($pair) if !$pair->{gone} && $pair->{back} && $pair->{there}{shut} && $pair->{back}{shut};
    }
    @pairs = grep { !$_->{gone} } @pairs;
}
