#!/bin/sh
# Unpacks Debian's word lists into a folder without installing them: fetch.sh DIR, then train.py DIR.
set -eu
directory=${1:?usage: fetch.sh DIR}
mkdir -p "$directory/packages"
cd "$directory/packages"
apt-get download wamerican wbritish wfrench wngerman wspanish wbrazilian wcatalan wdanish witalian wdutch wpolish wswedish
for package in *.deb; do
    dpkg -x "$package" ../unpacked
done
