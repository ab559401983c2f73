/// A release's static files on their way to a bucket, from which a CDN or browsers take them.
@NullMarked
package dev.decant.assets;

import org.jspecify.annotations.NullMarked;
