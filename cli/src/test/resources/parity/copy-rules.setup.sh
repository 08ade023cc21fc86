mkdir -p tree/nested sub
echo one > one.txt; echo two > two.txt; echo three > sub/three.txt; echo space > "with space.txt"
echo a > tree/a.txt; echo b > tree/nested/b.txt; echo hidden > tree/.hidden; chmod 640 tree/a.txt; chmod 750 tree/nested
ln -s a.txt tree/link; ln -s nested/b.txt tree/deeper; ln tree/a.txt tree/a-hard
ln -s one.txt link-to-one; ln -s tree link-to-tree
chmod 4755 two.txt
