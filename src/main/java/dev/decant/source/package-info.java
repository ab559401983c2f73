/// Where the values of an app's secrets come from, asked on the operator's side: files, vaults,
/// parameter stores.
@NullMarked
package dev.decant.source;

import org.jspecify.annotations.NullMarked;
