package io.slipway.cli;

import io.slipway.testing.ArchitectureRules;

/** This module against ARCHITECTURE.md: imports, libraries, package docs, sizes, format. */
class ArchitectureTest extends ArchitectureRules {}
