package io.slipway.builder.op.files;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.container.ContainerStartException;
import io.slipway.runtime.container.Identity;
import io.slipway.runtime.container.UserLookup;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.spec.UserSpec;
import java.io.IOException;

/**
 * What {@code --chown} means in a target's passwd and group files: {@code user}, {@code
 * user:group}, {@code :group}. A number alone is user and group; a name alone brings its group
 * along.
 */
record OwnerLookup(UserLookup names) {
  static OwnerLookup in(Fd root) throws IOException {
    return new OwnerLookup(UserLookup.in(root));
  }

  /**
   * The numbers of an owner.
   *
   * @throws SlipwayException INVALID naming the user or group that is in no file
   */
  CopyRules.Ids find(String owner) throws IOException {
    int colon = owner.indexOf(':');
    String user = colon < 0 ? owner : owner.substring(0, colon);
    String group = colon < 0 ? "" : owner.substring(colon + 1);
    if (group.isEmpty() && isNumber(user)) {
      Identity both = resolve(user + ":" + user, owner);
      return new CopyRules.Ids(both.uid(), both.gid());
    }
    Identity found = resolve(group.isEmpty() ? user : user + ":" + group, owner);
    return new CopyRules.Ids(found.uid(), found.gid());
  }

  /**
   * The numbers of a USER whom WORKDIR's new directories are given to: as an owner's, but who is in
   * no file is root, as BuildKit has it. Images without a passwd file name users, too.
   */
  CopyRules.Ids findUser(String user) throws IOException {
    try {
      return find(user);
    } catch (UnknownOwnerException e) {
      return CopyRules.Ids.ROOT;
    }
  }

  private Identity resolve(String spec, String owner) throws IOException {
    try {
      return names.resolve(UserSpec.of(spec));
    } catch (ContainerStartException e) {
      throw new UnknownOwnerException(
          "unable to convert uid/gid chown string to host mapping: "
              + e.getMessage()
              + " ("
              + owner
              + ")",
          e);
    }
  }

  /** A user or a group that is in no file, or a number that is none. */
  private static final class UnknownOwnerException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    UnknownOwnerException(String message, ContainerStartException cause) {
      super(ErrorKind.INVALID, message, cause);
    }
  }

  private static boolean isNumber(String text) {
    return text.matches("[0-9]+");
  }
}
