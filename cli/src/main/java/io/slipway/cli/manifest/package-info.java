/**
 * {@code slipway manifest}: lists of manifests made on this machine, image by image, and pushed to
 * a registry. {@link io.slipway.cli.manifest.ManifestStore} keeps the lists in docker's files and
 * form, so that either client goes on where the other stopped; {@link
 * io.slipway.cli.manifest.RegistryManifests} asks registries; {@link
 * io.slipway.cli.manifest.ListedManifest} is an image's place in a list. Called by {@code
 * cli.command}; no daemon takes part.
 */
package io.slipway.cli.manifest;
