/**
 * What an operator can set, all of it: {@link io.slipway.registry.config.RegistrySettings} is the
 * tree of records, and {@link io.slipway.registry.config.SettingsReader} fills it from one YAML
 * file, the environment and flags. Read by {@code cli}; every other package of the registry takes
 * its part of the tree.
 *
 * <p>To add a setting, add a component with {@link io.slipway.registry.config.Setting} to a record
 * here; a section is a record with such components. Its name in YAML is the component's with
 * hyphens, and reading, error texts, environment variables and the reference page follow from it.
 *
 * <p>Invariants: this package uses no other of the registry; a settings object is complete and
 * valid, or there is none.
 */
package io.slipway.registry.config;
