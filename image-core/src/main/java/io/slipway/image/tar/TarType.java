package io.slipway.image.tar;

/** What an entry is; each has the type flag it is written with. */
public enum TarType {
  FILE('0'),
  HARD_LINK('1'),
  SYMLINK('2'),
  CHAR_DEVICE('3'),
  BLOCK_DEVICE('4'),
  DIRECTORY('5'),
  FIFO('6');

  private final char flag;

  TarType(char flag) {
    this.flag = flag;
  }

  char flag() {
    return flag;
  }

  public boolean isDevice() {
    return this == CHAR_DEVICE || this == BLOCK_DEVICE;
  }

  public boolean isLink() {
    return this == HARD_LINK || this == SYMLINK;
  }
}
