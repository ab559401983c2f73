package dev.decant.store;

import dev.decant.release.Release;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Parcels of which the first has all of a release, and each other one what has changed since: a
/// new machine takes all of them, and whoever publishes brings the last one. Pure.
///
/// @param links not empty
public record Chain(List<Link> links) {

    /// Each costs a new machine the making and verifying of one release more.
    static final int LONGEST = 16;

    public Chain {
        links = List.copyOf(links);
    }

    /// What leads to a release that is in it already.
    public Optional<Chain> upTo(Release release) {
        return IntStream.range(0, links.size())
                .filter(i -> links.get(i).is(release))
                .mapToObj(i -> new Chain(links.subList(0, i + 1)))
                .findFirst();
    }

    public Link last() {
        return links.getLast();
    }

    /// Whether one more may come behind it, if it is small.
    public boolean goesOn() {
        return links.size() < LONGEST;
    }

    /// With one more; nothing where a new machine would then fetch more than half a release
    /// besides.
    public Optional<Chain> and(Link next) {
        long more = links.stream().skip(1).mapToLong(Link::bytes).sum() + next.bytes();
        return goesOn() && next.base().equals(Optional.of(last().release())) && more <= half()
                ? Optional.of(new Chain(Stream.concat(links.stream(), Stream.of(next)).toList()))
                : Optional.empty();
    }

    private long half() {
        return links.getFirst().bytes() / 2;
    }

    /// What a new machine fetches.
    public long bytes() {
        return links.stream().mapToLong(Link::bytes).sum();
    }
}
