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
echo ignored > secret
printf 'secret\nDockerfile*\n*.gz\n!a.tar.gz\n!one.gz\n' > .dockerignore
find . -exec touch -h -d @1500000000 {} +
