package dev.decant.lint;

import java.util.List;

/// One thing to look for.
interface Rule {

    List<Finding> check(Sources project, HostSettings hosts);
}
