package io.slipway.cli.command;

import java.util.regex.Pattern;

/** Build contexts that are URLs. */
final class RemoteContext {
  private static final Pattern URL = Pattern.compile("(?:https?|git|ssh)://.+");
  private static final Pattern SCP = Pattern.compile("[A-Za-z0-9_.-]+@[^/:\\s]+:.+");
  private static final String GITHUB = "github.com/";

  private RemoteContext() {}

  static boolean isRemote(String where) {
    return URL.matcher(where).matches() || SCP.matcher(where).matches() || where.startsWith(GITHUB);
  }

  /** The URL; repositories of GitHub may be given without protocol, as docker takes them. */
  static String url(String where) {
    if (!where.startsWith(GITHUB)) {
      return where;
    }
    int hash = where.indexOf('#');
    String repository = hash < 0 ? where : where.substring(0, hash);
    String fragment = hash < 0 ? "" : where.substring(hash);
    return "https://" + repository + (repository.endsWith(".git") ? "" : ".git") + fragment;
  }
}
