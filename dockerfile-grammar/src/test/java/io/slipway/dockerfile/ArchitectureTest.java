package io.slipway.dockerfile;

import io.slipway.testing.ArchitectureRules;

/** This module against ARCHITECTURE.md: imports, libraries, package docs, sizes, format. */
class ArchitectureTest extends ArchitectureRules {}
