/**
 * What every module's tests share: the architecture rules ({@link
 * io.slipway.testing.ArchitectureRules}), the formatter check ({@link
 * io.slipway.testing.SourceFormat}), golden files ({@link io.slipway.testing.Golden}), and the
 * programs we are compared with ({@link io.slipway.testing.Command}, {@link
 * io.slipway.testing.RealDockerd}).
 *
 * <p>Used in test scope only, by the tests of every module. It imports nothing of Slipway, so that
 * the lowest module can use it too.
 */
package io.slipway.testing;
