package io.slipway.dockerfile.grammar;

import io.slipway.dockerfile.word.HeredocWord;
import org.antlr.v4.runtime.CommonToken;

/** A here-document's body: its text is the body, its range ends after the terminator line. */
public final class HeredocToken extends CommonToken {

  private static final long serialVersionUID = 1L;

  private final transient HeredocWord word;

  /**
   * @param end offset behind the terminator's last character
   */
  HeredocToken(HeredocWord word, String body, int start, int end) {
    super(DockerfileLexer.HEREDOC, body);
    this.word = word;
    setStartIndex(start);
    setStopIndex(end - 1);
  }

  public HeredocWord word() {
    return word;
  }
}
