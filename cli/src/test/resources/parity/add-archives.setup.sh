mkdir -p src/deep tree; echo deep > src/deep/file; echo top > src/top; ln -s top src/link; ln src/top src/hard; chmod 1777 src/deep; echo x > tree/x
tar --owner=11 --group=12 --mtime=2020-01-02 -C src -cf plain.tar .
tar --owner=11 --group=12 --mtime=2020-01-02 -C src -cf - . | gzip > packed.tar.gz
tar --owner=11 --group=12 --mtime=2020-01-02 -C src -cf - deep | bzip2 > packed.tar.bz2
tar --owner=11 --group=12 --mtime=2020-01-02 -C src -cf - top link | xz > packed.tar.xz
echo "just text" | gzip > not-an-archive.gz; echo note > note.txt; rm -rf src
