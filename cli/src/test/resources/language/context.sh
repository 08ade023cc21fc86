# The files that every case sees, in the current directory.
set -e
umask 022
echo one > one
echo two > two
mkdir -p dir/sub
echo 1 > dir/one
echo s > dir/sub/s
echo space > "dir/sp ace"
ln -s one dir/inner
ln -s one link
chmod 750 dir/sub
cp one suid
chmod 4755 suid
mkdir hard
echo h > hard/a
ln hard/a hard/b
mkdir tree
echo in > tree/in
chmod 600 tree/in
tar --owner=11 --group=12 --mtime=@1000000000 -cf a.tar tree
gzip -nc a.tar > a.tar.gz
gzip -nc one > one.gz
mkdir -p ar links modes/n dots '[odd]' long
mkdir -p made/tree/deep && echo deep > made/tree/deep/file && echo top > made/tree/top
ln -s top made/tree/link && ln made/tree/top made/tree/hard && chmod 1777 made/tree/deep
pack() { tar --owner=11 --group=12 --mtime=@1000000000 --sort=name "$@"; }
pack -C made -cf ar/p.tar tree
gzip -nc ar/p.tar > ar/p.tar.gz
bzip2 -c ar/p.tar > ar/p.tar.bz2
xz -c ar/p.tar > ar/p.tar.xz
zstd -qc ar/p.tar > ar/p.tar.zst
printf 'PK\003\004 not looked into' > ar/p.zip
: > ar/empty.tar
echo text > ar/text.tar
ln -s p.tar.gz ar/link.tar
printf '\037\213not really' > ar/wrong.gz
mkfifo made/fifo && mkdir made/sticky && chmod 3770 made/sticky && echo s > made/suid && chmod 6755 made/suid
pack -C made -cf ar/special.tar fifo sticky suid
mkdir made/l && echo f > made/l/f && ln -s /etc/passwd made/l/abs && ln -s ../../../up made/l/up && ln made/l/f made/l/g
pack -C made -cf ar/links.tar l
longer=$(printf 'n%.0s' $(seq 120))
mkdir -p made/$longer/$longer && echo long > made/$longer/$longer/file && ln -s $longer/$longer/file made/to-long
pack --format=pax -C made -cf ar/long.tar $longer to-long
pack --format=gnu -C made -cf ar/gnu.tar $longer to-long tree
echo h > made/h && ln -s / made/out
tar -P --transform 's,^made/h$,/abs/h,;s,^made/,,' --mtime=@1000000000 -cf ar/rooted.tar made/h
tar -P --transform 's,^made/h$,out/etc/h,;s,^made/,,' --mtime=@1000000000 -cf ar/outward.tar made/out made/h
mkdir -p long/$longer && echo l > long/$longer/$longer
rm -r made
echo odd > '[odd]/f'
echo h > dots/.hidden && echo v > dots/visible && mkdir dots/.hdir && echo i > dots/.hdir/i
ln -s ../dir links/todir && ln -s ../../../one links/up && ln -s /two links/abs && ln -s toto links/dangling
echo x > modes/x && chmod 755 modes/x && echo r > modes/r && chmod 444 modes/r && echo w > modes/w && chmod 266 modes/w
echo n > modes/n/n && chmod 4751 modes/n/n && chmod 2770 modes/n && ln -s x modes/l
echo ignored > secret
printf 'secret\nDockerfile*\n*.gz\n!a.tar.gz\n!one.gz\n' > .dockerignore
find . -exec touch -h -d @1500000000 {} +
