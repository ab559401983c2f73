/// What a rollout did and where the hosts stand, as pages for a browser.
@NullMarked
package dev.decant.web;

import org.jspecify.annotations.NullMarked;
