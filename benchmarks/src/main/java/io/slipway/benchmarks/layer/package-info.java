/**
 * Layers and snapshots beside the programs they compete with. Run by people and by the benchmark
 * scripts; each class has a {@code main} that says its arguments.
 */
package io.slipway.benchmarks.layer;
