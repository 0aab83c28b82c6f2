#!/bin/bash
# Checks a Rature bundle with bash, GNU coreutils, unzip and OpenSSL 3 alone.
#
#   bash verify.sh BUNDLE.zip [ROOTS.pem [LOGKEY.pem]]
#
# ROOTS.pem: certificates of the time authorities that you trust, obtained elsewhere.
# LOGKEY.pem: the log's public key, obtained elsewhere. Without them those in the bundle are taken.
# Prints OK and exits 0, or names the first thing that fails and exits 1.
set -eo pipefail
export LC_ALL=C
shopt -s nullglob dotglob globstar

fail() {
  printf 'FAILED: %s\n' "$*"
  exit 1
}

local_policy='2.25.208846137911432750312884521806739845316'
max_bytes=4294967296

[[ $# -ge 1 && $# -le 3 ]] || fail 'usage: bash verify.sh BUNDLE.zip [ROOTS.pem [LOGKEY.pem]]'
bundle=$(realpath -e -- "$1") && [[ -f $bundle && -r $bundle ]] || fail "$1 cannot be read"
own_roots='' own_key=''
[[ -z ${2:-} ]] || own_roots=$(realpath -e -- "$2") || fail "$2 cannot be read"
[[ -z ${3:-} ]] || own_key=$(realpath -e -- "$3") || fail "$3 cannot be read"
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
ln -s -- "$bundle" "$work/bundle.zip" # a name that unzip cannot take for a pattern or an option
bundle=$work/bundle.zip

same() { [[ $(sha256sum <"$1") == "$(sha256sum <"$2")" ]]; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
only() { [[ $(tr -d "$1" | wc -c) -eq 0 ]]; } # whether stdin has these characters alone
safe_paths() { # FILE: relative paths, one a line, no empty part and none that starts with a dot
  local all
  only 'A-Za-z0-9._/\n-' <"$1" || return 1
  all=$'\n'$(cat "$1")$'\n'
  [[ $all != *//* && $all != *$'\n/'* && $all != *$'/\n'* && $all != *$'\n\n'* &&
    $all != */.* && $all != *$'\n.'* ]]
}

# --- the ZIP: plain names, none twice, no links, nothing huge ---------------------------------
unpack() {
  unzip -Z1 "$bundle" >"$work/names" 2>/dev/null || fail 'not a ZIP file'
  local name size
  safe_paths "$work/names" || fail 'it has a name that no bundle has'
  name=$(sort "$work/names" | uniq -d | head -n 1)
  [[ -z $name ]] || fail "$name is in the archive twice"
  read -r _ _ size _ < <(unzip -Zt "$bundle") || true
  [[ $size =~ ^[0-9]+$ && $size -le $max_bytes ]] || fail 'it unpacks to too much'
  unzip -q -n -d "$work/bag" "$bundle" >/dev/null 2>&1 || fail 'the ZIP file is damaged'
  cd "$work/bag"
  for name in **; do
    [[ ! -L $name ]] || fail "$name is a link"
    [[ -d $name || -f $name ]] || fail "$name is not a plain file"
  done
}

# --- lists in sha256sum format, sorted, no path twice -----------------------------------------
check_list() { # FILE; its paths are then in $work/paths
  [[ -s $1 ]] || fail "$1 is missing or empty"
  cut -c 67- "$1" >"$work/paths"
  [[ $(tail -c 1 "$1" | hex) == 0a && $(cut -c 65-66 "$1" | sort -u) == '  ' ]] &&
    cut -c 1-64 "$1" | only '0-9a-f\n' && safe_paths "$work/paths" ||
    fail "$1 is not in sha256sum format"
  sort -c -u "$work/paths" 2>/dev/null || fail "$1 is not sorted, or lists a path twice"
}

check_bag() {
  local name
  [[ -f bagit.txt && -f data/STATEMENT.sha256 ]] || fail 'not a bundle of Rature'
  check_list tagmanifest-sha256.txt
  check_list manifest-sha256.txt
  sha256sum --quiet --strict -c tagmanifest-sha256.txt >"$work/out" 2>&1 ||
    fail "the bag's own files: $(head -n 1 "$work/out")"
  cut -c 67- tagmanifest-sha256.txt >"$work/listed"
  [[ $(cat "$work/listed") == $'bag-info.txt\nbagit.txt\nmanifest-sha256.txt' ]] ||
    fail 'tagmanifest-sha256.txt lists other files'
  sha256sum --quiet --strict -c manifest-sha256.txt >"$work/out" 2>&1 ||
    fail "manifest-sha256.txt: $(head -n 1 "$work/out")"
  { cut -c 67- manifest-sha256.txt
    printf '%s\n' bag-info.txt bagit.txt manifest-sha256.txt tagmanifest-sha256.txt; } |
    sort >"$work/listed"
  for name in **; do [[ ! -f $name ]] || printf '%s\n' "$name"; done | sort >"$work/present"
  same "$work/listed" "$work/present" ||
    fail "files that the bag does not list: $(comm -13 "$work/listed" "$work/present" | head -n 1)"
}

# --- hashes ------------------------------------------------------------------------------------
escaped() { # HEX -> \xHH\xHH...
  local at out=''
  for ((at = 0; at < ${#1}; at += 2)); do out+="\\x${1:at:2}"; done
  printf '%s' "$out"
}
sha256() { openssl dgst -sha256 -r | cut -c 1-64; }
node() { printf '%b' "\\x01$(escaped "$1")$(escaped "$2")" | sha256; }
leaf() { { printf '\0'; cat -- "$1"; } | sha256; }
from_base64() { # TEXT -> hex; empty unless it is base64 in its one form
  local value
  value=$(printf '%s' "$1" | base64 -d 2>/dev/null | hex) || return 0
  [[ $(printf '%b' "$(escaped "$value")" | base64 -w 0) != "$1" ]] || printf '%s' "$value"
}

# --- the log's key -----------------------------------------------------------------------------
key_hex() { openssl pkey -pubin -in "$1" -outform DER 2>/dev/null | tail -c 32 | hex; }
key_id() { # NAME KEYHEX
  { printf '%s\n' "$1"; printf '%b' "\\x01$(escaped "$2")"; } | sha256 | cut -c 1-8
}
check_key() {
  local vkey name raw
  vkey=$(cat data/keys/log.vkey) || fail 'keys/log.vkey is missing'
  name=${vkey%%+*}
  raw=$(key_hex data/keys/log.pem) || fail 'keys/log.pem is not a public key'
  [[ $vkey == "$name+$(key_id "$name" "$raw")+$(printf '%b' "\\x01$(escaped "$raw")" |
    base64 -w 0)" ]] || fail 'keys/log.pem and keys/log.vkey are not the same key'
  log_key=${own_key:-$PWD/data/keys/log.pem}
  log_raw=$(key_hex "$log_key") || fail "$log_key is not a public key"
}

# --- the receipt: the checkpoint's signature, then the path from the leaf to its root ------------
declare -A root_of_size
read_proof() { # FOLDER -> index, hashes, size, root; the signed text in $work/text
  local proof=$1/STATEMENT.tlog-proof blank last at row
  [[ -f $proof ]] || fail "$proof is missing"
  mapfile -t row <"$proof"
  printf '%s\n' "${row[@]}" >"$work/proof"
  same "$work/proof" "$proof" || fail "$proof is malformed"
  for ((blank = 0; blank < ${#row[@]}; blank++)); do [[ -n ${row[blank]} ]] || break; done
  for ((last = ${#row[@]} - 1; last > blank; last--)); do [[ -n ${row[last]} ]] || break; done
  at=1
  [[ ${row[1]} != 'extra '* ]] || at=2
  [[ ${row[0]} == 'c2sp.org/tlog-proof@v1' && ${row[at]} =~ ^index\ (0|[1-9][0-9]{0,17})$ ]] ||
    fail "$proof is malformed"
  index=${BASH_REMATCH[1]}
  hashes=("${row[@]:at + 1:blank - at - 1}")
  local text=("${row[@]:blank + 1:last - blank - 1}")
  signatures=("${row[@]:last + 1}")
  [[ ${#text[@]} -ge 3 && ${#signatures[@]} -ge 1 ]] || fail "$proof: the checkpoint is malformed"
  for at in "${text[@]}"; do [[ -n $at ]] || fail "$proof: the checkpoint is malformed"; done
  origin=${text[0]}
  [[ ${text[1]} =~ ^(0|[1-9][0-9]{0,17})$ ]] || fail "$proof: the tree size is malformed"
  size=${text[1]}
  root=$(from_base64 "${text[2]}")
  [[ ${#root} -eq 64 ]] || fail "$proof: the root is malformed"
  printf '%s\n' "${text[@]}" >"$work/text"
}
check_checkpoint() { # FOLDER
  local id line value signed=0
  id=$(key_id "$origin" "$log_raw")
  for line in "${signatures[@]}"; do
    [[ $line =~ ^—\ ([^[:space:]+]+)\ ([A-Za-z0-9+/]+={0,2})$ ]] ||
      fail "$1/STATEMENT.tlog-proof: a signature is malformed"
    value=$(from_base64 "${BASH_REMATCH[2]}")
    [[ ${BASH_REMATCH[1]} == "$origin" && ${value:0:8} == "$id" ]] || continue
    printf '%b' "$(escaped "${value:8}")" >"$work/signature"
    openssl pkeyutl -verify -pubin -inkey "$log_key" -rawin -in "$work/text" \
      -sigfile "$work/signature" >/dev/null 2>&1 ||
      fail "$1/STATEMENT.tlog-proof: the checkpoint's signature does not verify"
    signed=1
  done
  [[ $signed -eq 1 ]] || fail "$1/STATEMENT.tlog-proof: the log's key did not sign the checkpoint"
  [[ ${root_of_size[$size]:-$root} == "$root" ]] || fail "the log signed two trees of $size leaves"
  root_of_size[$size]=$root
}
check_inclusion() { # FOLDER (RFC 9162, section 2.1.3.2)
  local position=$index last=$((size - 1)) computed sibling line
  [[ $index -lt $size ]] || fail "$1/STATEMENT.tlog-proof: no such leaf"
  computed=$(leaf "$1/STATEMENT.sha256")
  for line in "${hashes[@]}"; do
    sibling=$(from_base64 "$line")
    [[ ${#sibling} -eq 64 && $last -ne 0 ]] || fail "$1/STATEMENT.tlog-proof: the path is malformed"
    if ((position & 1 || position == last)); then
      computed=$(node "$sibling" "$computed")
      while ((!(position & 1) && position)); do ((position >>= 1, last >>= 1)) || true; done
    else
      computed=$(node "$computed" "$sibling")
    fi
    ((position >>= 1, last >>= 1)) || true
  done
  [[ $last -eq 0 && $computed == "$root" ]] ||
    fail "$1/STATEMENT.tlog-proof: the path does not lead from STATEMENT.sha256 to the signed root"
}

# --- time stamps -------------------------------------------------------------------------------
stamps=0 trusted=0 local_stamps=0
verify_stamp() { # TOKEN DATA ROOTS: certificates need to be valid at the stamp's own time
  local extra=()
  [[ ! -f data/keys/intermediates.pem ]] || extra=(-untrusted data/keys/intermediates.pem)
  openssl ts -verify -in "$1" -data "$2" -CAfile "$3" -attime "$moment" "${extra[@]}" \
    >/dev/null 2>&1
}
check_stamp() { # TOKEN DATA
  local line
  moment=''
  openssl ts -reply -in "$1" -text >"$work/reply" 2>/dev/null || fail "$1 is no time stamp"
  while IFS= read -r line; do
    case $line in
      'Time stamp: '*) moment=$(date -u -d "${line#Time stamp: }" +%s) || fail "$1 has no time" ;;
      "Policy OID: $local_policy") local_stamps=$((local_stamps + 1)) ;;
    esac
  done <"$work/reply"
  [[ -n $moment ]] || fail "$1 has no time"
  if [[ -n $own_roots ]] && verify_stamp "$1" "$2" "$own_roots"; then
    trusted=$((trusted + 1))
  else
    verify_stamp "$1" "$2" data/keys/roots.pem || fail "$1 does not verify"
  fi
  stamps=$((stamps + 1))
}

# --- one statement: files, tiles, receipt, time stamps ------------------------------------------
declare -A covered kind_of file_of
check_files() { # FOLDER LIST: those of its files that are here; says how many in $found
  local path
  found=0
  check_list "$1/$2"
  while IFS= read -r path; do
    [[ -f $1/$path ]] || continue
    covered[$1/$path]=1
    found=$((found + 1))
  done <"$work/paths"
  [[ $found -gt 0 ]] || return 0
  (cd -- "$1" && sha256sum --ignore-missing --quiet --strict -c "$2") >"$work/out" 2>&1 ||
    fail "$1: $(head -n 1 "$work/out")"
}
check_tiles() { # FOLDER: the visible tiles of its pictures
  local path
  while IFS= read -r path; do
    [[ $path == */TILES.sha256 && -f $1/$path ]] || continue
    check_list "$1/$path"
    [[ $(cut -c 1-6 "$work/paths" | sort -u) == tiles/ ]] ||
      fail "$1/$path lists something that is no tile"
    check_files "$1/${path%/TILES.sha256}" TILES.sha256
  done < <(cut -c 67- "$1/STATEMENT.sha256")
}
check_statement() { # FOLDER KIND -> what it holds in file_of and kind_of, by its leaf index
  local token before=$stamps file=record.json listed
  [[ $2 != capture ]] || file=meta.json
  check_files "$1" STATEMENT.sha256
  [[ -n ${covered[$1/$file]:-} ]] || fail "$1/$file is missing from the statement or the bag"
  listed=$'\n'$(cat "$work/paths")$'\n'
  [[ $listed != *$'\nmeta.json\n'* || $listed != *$'\nrecord.json\n'* ]] ||
    fail "$1/STATEMENT.sha256 lists both meta.json and record.json"
  check_tiles "$1"
  read_proof "$1"
  check_checkpoint "$1"
  check_inclusion "$1"
  for token in "$1"/STATEMENT.tsa*.tsr "$1"/STATEMENT.checkpoint.tsa*.tsr; do
    [[ ${token##*/} =~ ^STATEMENT(\.checkpoint)?\.tsa[1-9][0-9]?\.tsr$ ]] || fail "what is $token?"
    if [[ -n ${BASH_REMATCH[1]} ]]; then check_stamp "$token" "$work/text"
    else check_stamp "$token" "$1/STATEMENT.sha256"; fi
    covered[$token]=1
  done
  [[ $stamps -gt $before ]] || fail "$1/STATEMENT.sha256 has no time stamp"
  covered[$1/STATEMENT.sha256]=1
  covered[$1/STATEMENT.tlog-proof]=1
  [[ -z ${kind_of[$index]:-} ]] || fail "two statements claim leaf $index"
  [[ $(cat "$1/$file") == *"\"kind\":\"$2\""* && $(cat "$1/$file") == *'"salt":"'* ]] ||
    fail "$1/$file is no $2"
  kind_of[$index]=$2 file_of[$index]=$1/$file
}

# --- the main record (a capture; without one a look), then all others ----------------------------
check_main() {
  main_kind=capture
  [[ $'\n'$(cut -c 67- data/STATEMENT.sha256)$'\n' != *$'\nrecord.json\n'* ]] ||
    main_kind=observation
  check_statement data "$main_kind"
  main_index=$index
  [[ -z $own_roots || $trusted -gt 0 ]] || fail 'no time stamp leads to the roots that you trust'
}
check_records() {
  local folder name
  for folder in data/records/*/; do
    name=${folder#data/records/} name=${name%/}
    [[ $name =~ ^(0|[1-9][0-9]{0,17})-([a-z][a-z_]{0,39})$ ]] || fail "what is $folder?"
    check_statement "${folder%/}" "${BASH_REMATCH[2]}"
    [[ ${name%%-*} == "$index" ]] || fail "$folder: its leaf index is $index"
  done
}

# --- the observations and the verdict at the top are those of the records ------------------------
looks='' verdicts=() last='' captures='' first='' first_seen=''
sort_records() { # by kind, in the order of the log; the looks and notices into $work/observations
  local place record
  : >"$work/observations"
  while IFS= read -r place; do
    record=$(cat "${file_of[$place]}")
    case ${kind_of[$place]} in
      capture) captures+=" $place" ;;
      verdict) last=${file_of[$place]}; verdicts+=("$record") ;;
      observation | notice) printf '%s\n' "$record" >>"$work/observations"; looks+=" $place " ;;
    esac
    [[ ${kind_of[$place]} == observation ]] || continue
    first=${first:-$place}
    [[ ! $record =~ \"sighting\":\"(present|moved|edited|collapsed)\" ]] ||
      first_seen=${first_seen:-$place}
  done < <(printf '%s\n' "${!kind_of[@]}" | sort -n)
}
check_top() {
  sort_records
  [[ -f data/observations.jsonl ]] && same "$work/observations" data/observations.jsonl ||
    fail 'observations.jsonl is not what was logged'
  if [[ -n $last ]]; then
    [[ -f data/verdict.json ]] && same "$last" data/verdict.json ||
      fail 'verdict.json is not the verdict that was logged last'
  else
    [[ ! -e data/verdict.json ]] || fail 'verdict.json was never logged'
  fi
}
check_main_look() { # without a capture: around the look that saw the post first, else the first look
  [[ $main_kind == observation ]] || return 0
  [[ -z $captures ]] || fail "data/record.json: a bundle with a capture ($captures ) is around it"
  [[ $main_index == "${first_seen:-$first}" ]] ||
    fail "data/record.json: a bundle without a capture is around look ${first_seen:-$first}"
}
check_drawn_from() { # every record that a verdict was drawn from is here
  local record place
  for record in "${verdicts[@]}"; do
    [[ $record =~ \"basis\":\[([0-9,]*)\] ]] || fail 'a verdict does not say what it was drawn from'
    for place in ${BASH_REMATCH[1]//,/ }; do
      [[ $looks == *" $place "* ]] || fail "a verdict was drawn from record $place, not here"
    done
  done
}

check_nothing_else() {
  local name
  for name in README.txt verify.sh observations.jsonl verdict.json keys/log.vkey keys/log.pem \
    keys/roots.pem keys/intermediates.pem; do covered[data/$name]=1; done
  for name in data/**; do
    [[ ! -f $name || -n ${covered[$name]:-} ]] || fail "no statement covers $name"
  done
}

unpack
check_bag
check_key
check_main
check_records
check_top
check_main_look
check_drawn_from
check_nothing_else
echo "Time stamps: $stamps"
[[ $local_stamps -eq 0 ]] ||
  echo "$local_stamps time stamps are by the service's own authority: they prove order, not time."
[[ -n $own_roots ]] || echo 'Roots were taken from the bundle: obtain them elsewhere to be sure.'
[[ -n $own_key ]] || echo "The log's key was taken from the bundle: obtain it elsewhere to be sure."
echo OK
