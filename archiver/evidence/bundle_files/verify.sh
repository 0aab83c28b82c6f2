#!/bin/bash
# Checks a Rature bundle with bash, GNU coreutils, unzip and OpenSSL 3 alone. Where netpbm is
# installed, masked pictures are also put together again from their tiles.
#
#   bash verify.sh BUNDLE.zip [ROOTS.pem [LOGKEY.pem [WITNESSES.vkey]]]
#
# ROOTS.pem: certificates of the time authorities that you trust, obtained elsewhere.
# LOGKEY.pem: the log's public key, obtained elsewhere. WITNESSES.vkey: keys of witnesses that you
# trust, one a line. Without them those in the bundle are taken; '' stands for one left out.
# Prints OK and exits 0, or names the first thing that fails and exits 1. Exits 2 when this machine
# lacks something and nothing was checked.
set -eo pipefail
export LC_ALL=C
shopt -s nullglob dotglob globstar

fail() {
  printf 'FAILED: %s\n' "$*"
  exit 1
}

lacks() { # what is missing here says nothing about the bundle
  printf 'NOT CHECKED: %s\n' "$*"
  exit 2
}
for tool in sha256sum unzip openssl od; do
  command -v "$tool" >/dev/null || lacks "$tool is not installed"
done
[[ $(openssl version) =~ ^OpenSSL\ ([3-9]|[1-9][0-9])\. ]] || lacks 'OpenSSL 3 is needed'
[[ -e /dev/fd/0 ]] || lacks 'there is no /dev/fd here (is /proc mounted?)'

local_policy='2.25.208846137911432750312884521806739845316'
max_bytes=4294967296
number='(0|[1-9][0-9]{0,17})' # of a leaf, of a tree's size

[[ $# -ge 1 && $# -le 4 ]] || fail 'usage: bash verify.sh BUNDLE.zip [ROOTS [LOGKEY [WITNESSES]]]'
bundle=$(realpath -e -- "$1") && [[ -f $bundle && -r $bundle ]] || fail "$1 cannot be read"
own() { [[ -z $1 ]] || { realpath -e -- "$1" && [[ -f $1 && -r $1 ]]; } || fail "$1 cannot be read"; }
own_roots=$(own "${2:-}") || fail "$2 cannot be read"
own_key=$(own "${3:-}") || fail "$3 cannot be read"
own_witnesses=$(own "${4:-}") || fail "$4 cannot be read"
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
ln -s -- "$bundle" "$work/bundle.zip" # a name that unzip cannot take for a pattern or an option
bundle=$work/bundle.zip
mkdir "$work/node" "$work/text"

# --- small tools, most of them without starting a program ----------------------------------------
only() { [[ $(tr -d "$1" | wc -c) -eq 0 ]]; } # whether stdin has these characters alone
read_text() { # FILE -> text
  [[ -f $1 ]] || fail "$1 is missing"
  ! IFS= read -r -d '' text <"$1" || fail "$1 is not text"
}
safe_paths() { # FILE: relative paths, one a line, no empty part and none that starts with a dot
  only 'A-Za-z0-9._/\n-' <"$1" || return 1
  local all
  all=$'\n'$(<"$1")$'\n'
  [[ $all != *//* && $all != *$'\n/'* && $all != *$'/\n'* && $all != *$'\n\n'* &&
    $all != */.* && $all != *$'\n.'* ]]
}
escaped() { # HEX -> \xHH\xHH... in bytes, for printf %b
  local at
  bytes=''
  for ((at = 0; at < ${#1}; at += 2)); do bytes+="\\x${1:at:2}"; done
}
declare -A sextet
for letter in {A..Z} {a..z} {0..9} + /; do sextet[$letter]=${#sextet[@]}; done
from_base64() { # TEXT -> hex; empty unless it is base64 in its one form
  local text=$1 at group pad=0 out=''
  hex=''
  [[ $text =~ ^[A-Za-z0-9+/]+={0,2}$ && $((${#text} % 4)) -eq 0 ]] || return 0
  [[ $text != *= ]] || pad=1
  [[ $text != *== ]] || pad=2
  text=${text//=/A}
  for ((at = 0; at < ${#text}; at += 4)); do
    ((group = sextet[${text:at:1}] << 18 | sextet[${text:at+1:1}] << 12 |
      sextet[${text:at+2:1}] << 6 | sextet[${text:at+3:1}])) || true
    printf -v group '%06x' "$group"
    out+=$group
  done
  [[ $pad -eq 0 || ${out: -2 * pad} =~ ^0+$ ]] || return 0
  hex=${out:0:${#out} - 2 * pad}
}
sha256_files() { # FILES -> their hashes in sums
  mapfile -t sums < <(sha256sum -- "$@")
  [[ ${#sums[@]} -eq $# ]] || fail 'sha256sum failed'
}
sha256_text() { # for printf %b -> hash
  printf '%b' "$1" >"$work/hashed"
  sha256_files "$work/hashed"
  hash=${sums[0]:0:64}
}

# --- the ZIP: plain names, none twice, no links, nothing huge ------------------------------------
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
  present=()
  for name in **; do
    [[ ! -L $name ]] || fail "$name is a link"
    [[ ! -f $name ]] || present+=("$name")
    [[ -f $name || -d $name ]] || fail "$name is not a plain file"
  done
}

# --- lists in sha256sum format, sorted, no path twice --------------------------------------------
well_formed() { # FILE
  [[ $(tail -c 1 "$1" | od -An -tx1) == ' 0a' && $(cut -c 65-66 "$1" | sort -u) == '  ' ]] &&
    cut -c 1-64 "$1" | only '0-9a-f\n' && cut -c 67- "$1" >"$work/paths" &&
    safe_paths "$work/paths"
}
check_lists() { # FILES: all at once; one by one only to say which one is wrong
  local list
  for list; do [[ -s $list ]] || fail "$list is missing or empty"; done
  cat -- "$@" >"$work/lists"
  if ! well_formed "$work/lists"; then
    for list; do well_formed "$list" || fail "$list is not in sha256sum format"; done
    fail 'a list is not in sha256sum format'
  fi
  for list; do
    sort -c -u -k 2 "$list" 2>/dev/null || fail "$list is not sorted, or lists a path twice"
  done
}

# --- the bag; from here on the hash of every file is known ---------------------------------------
declare -A sha256_of covered
check_bag() {
  local row rows
  [[ -f bagit.txt && -f data/STATEMENT.sha256 ]] || fail 'not a bundle of Rature'
  check_lists tagmanifest-sha256.txt manifest-sha256.txt
  sha256sum --quiet --strict -c tagmanifest-sha256.txt >"$work/out" 2>&1 ||
    fail "the bag's own files: $(head -n 1 "$work/out")"
  [[ $(cut -c 67- tagmanifest-sha256.txt) == $'bag-info.txt\nbagit.txt\nmanifest-sha256.txt' ]] ||
    fail 'tagmanifest-sha256.txt lists other files'
  [[ $(<bagit.txt) == $'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8' ]] ||
    fail 'bagit.txt is not the declaration of a BagIt 1.0 bag'
  sha256sum --quiet --strict -c manifest-sha256.txt >"$work/out" 2>&1 ||
    fail "manifest-sha256.txt: $(head -n 1 "$work/out")"
  mapfile -t rows <manifest-sha256.txt
  for row in "${rows[@]}"; do
    [[ ${row:66} == data/* ]] || fail "${row:66} is not below data/"
    sha256_of[${row:66}]=${row:0:64}
  done
  for row in "${present[@]}"; do
    [[ -n ${sha256_of[$row]:-} || $row == bag-info.txt || $row == bagit.txt ||
      $row == manifest-sha256.txt || $row == tagmanifest-sha256.txt ]] ||
      fail "files that the bag does not list: $row"
  done
}

# --- keys: the log's, the witnesses' -------------------------------------------------------------
ed25519=302a300506032b6570032100 # what stands before the 32 bytes of a public key (RFC 8410)
read_vkey() { # TEXT TYPE -> name, id, raw of name+id+base64(type, key) (c2sp.org/signed-note)
  [[ $1 =~ ^([^[:space:]+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$ ]] || return 1
  name=${BASH_REMATCH[1]} id=${BASH_REMATCH[2]}
  from_base64 "${BASH_REMATCH[3]}"
  [[ ${#hex} -eq 66 && ${hex:0:2} == "$2" ]] || return 1
  raw=${hex:2}
  key_id "$name" "$hex"
  [[ $id == "$hash" ]]
}
key_id() { # NAME TYPE+KEY -> hash, its first four bytes
  escaped "$2"
  sha256_text "${1//\\/\\\\}\\n$bytes"
  hash=${hash:0:8}
}
key_file() { # RAW FILE: the key as openssl takes it
  escaped "$ed25519$1"
  printf '%b' "$bytes" >"$2"
}
declare -A witness trusted_witness
read_witnesses() { # FILE
  local line
  read_text "$1"
  [[ $text == *$'\n' ]] || fail "$1: its last line does not end"
  while IFS= read -r line; do
    read_vkey "$line" 04 || fail "$1: a key is malformed"
    witness["$name $id"]=$raw
    [[ $1 != "$own_witnesses" ]] || trusted_witness["$name $id"]=1
  done <"$1"
}
check_keys() {
  local log_hex
  read_text data/keys/log.vkey
  read_vkey "${text%$'\n'}" 01 || fail 'keys/log.vkey is malformed'
  log_hex=$(openssl pkey -pubin -in data/keys/log.pem -outform DER 2>/dev/null |
    od -An -v -tx1 | tr -d ' \n') || fail 'keys/log.pem is not a public key'
  [[ $log_hex == "$ed25519$raw" ]] || fail 'keys/log.pem and keys/log.vkey are not the same key'
  if [[ -n $own_key ]]; then
    log_hex=$(openssl pkey -pubin -in "$own_key" -outform DER 2>/dev/null |
      od -An -v -tx1 | tr -d ' \n') && [[ $log_hex == "$ed25519"* ]] ||
      fail "$own_key is not a public key of type Ed25519"
  fi
  log_raw=${log_hex#"$ed25519"}
  key_file "$log_raw" "$work/log.der"
  [[ ! -e data/keys/witnesses.vkey ]] || read_witnesses data/keys/witnesses.vkey
  [[ -z $own_witnesses ]] || read_witnesses "$own_witnesses"
}

# --- the receipt: the checkpoint's signatures ----------------------------------------------------
declare -A root_of_size checked_note id_of_origin
cosignatures=0 main_trusted_witness=0
read_proof() { # FOLDER -> index, siblings (hex), size, root; the checkpoint: note, signed, origin
  local proof=$1/STATEMENT.tlog-proof blank last at row
  read_text "$proof"
  mapfile -t row <"$proof"
  printf -v note '%s\n' "${row[@]}"
  [[ $note == "$text" && $text != *[$'\001'-$'\011'$'\013'-$'\037']* ]] || fail "$proof is malformed"
  for ((blank = 0; blank < ${#row[@]}; blank++)); do [[ -n ${row[blank]} ]] || break; done
  for ((last = ${#row[@]} - 1; last > blank; last--)); do [[ -n ${row[last]} ]] || break; done
  at=1
  [[ ${row[1]} != 'extra '* ]] || at=2
  [[ ${row[0]} == 'c2sp.org/tlog-proof@v1' && ${row[at]} =~ ^index\ $number$ ]] ||
    fail "$proof is malformed"
  index=${BASH_REMATCH[1]}
  siblings=''
  for line in "${row[@]:at + 1:blank - at - 1}"; do
    from_base64 "$line"
    [[ ${#hex} -eq 64 ]] || fail "$proof: the path is malformed"
    siblings+="$hex "
  done
  local text=("${row[@]:blank + 1:last - blank - 1}")
  signatures=("${row[@]:last + 1}")
  [[ ${#text[@]} -ge 3 && ${#signatures[@]} -ge 1 ]] || fail "$proof: the checkpoint is malformed"
  for at in "${text[@]}"; do [[ -n $at ]] || fail "$proof: the checkpoint is malformed"; done
  origin=${text[0]}
  [[ ${text[1]} =~ ^$number$ ]] || fail "$proof: the tree size is malformed"
  size=${text[1]}
  from_base64 "${text[2]}"
  root=$hex
  [[ ${#root} -eq 64 ]] || fail "$proof: the root is malformed"
  printf -v signed '%s\n' "${text[@]}"
  printf -v note '%s\n' "${signatures[@]}"
  note=$signed$note
}
verify_line() { # KEYHEX SIGNATUREHEX FILE
  key_file "$1" "$work/key.der"
  escaped "$2"
  printf '%b' "$bytes" >"$work/signature"
  openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key.der" -rawin -in "$3" \
    -sigfile "$work/signature" >/dev/null 2>&1
}
check_checkpoint() { # FOLDER -> checkpoint, the file with its signed text; each one only once
  local line signer proof=$1/STATEMENT.tlog-proof by_log=0 witnessed=0 trust=0 found
  if [[ -z ${checked_note[$note]:-} ]]; then
    checkpoint=$work/text/${#checked_note[@]}
    printf '%s' "$signed" >"$checkpoint"
    if [[ -z ${id_of_origin[$origin]:-} ]]; then
      key_id "$origin" "01$log_raw"
      id_of_origin[$origin]=$hash
    fi
    for line in "${signatures[@]}"; do
      [[ $line =~ ^—\ ([^[:space:]+]+)\ ([A-Za-z0-9+/]+={0,2})$ ]] ||
        fail "$proof: a signature is malformed"
      signer=${BASH_REMATCH[1]}
      from_base64 "${BASH_REMATCH[2]}"
      [[ -n $hex ]] || fail "$proof: a signature is malformed"
      found=$hex
      if [[ $signer == "$origin" && ${hex:0:8} == "${id_of_origin[$origin]}" ]]; then
        verify_line "$log_raw" "${hex:8}" "$checkpoint" ||
          fail "$proof: the checkpoint's signature does not verify"
        by_log=1
      fi
      signer="$signer ${found:0:8}"
      [[ -n ${witness[$signer]:-} ]] || continue
      [[ ${#found} -eq 152 && ${found:8:1} == [0-7] ]] || fail "$proof: a cosignature is malformed"
      { printf 'cosignature/v1\ntime %s\n' $((16#${found:8:16})); printf '%s' "$signed"; } \
        >"$work/cosigned"
      verify_line "${witness[$signer]}" "${found:24}" "$work/cosigned" ||
        fail "$proof: the cosignature of ${signer% *} does not verify"
      witnessed=$((witnessed + 1))
      trust=${trusted_witness[$signer]:-$trust}
    done
    [[ $by_log -eq 1 ]] || fail "$proof: the log's key did not sign the checkpoint"
    checked_note[$note]="$checkpoint $witnessed $trust"
  fi
  read -r checkpoint witnessed trust <<<"${checked_note[$note]}"
  cosignatures=$((cosignatures + witnessed))
  [[ $1 != data ]] || main_trusted_witness=$trust
  [[ ${root_of_size[$size]:-$root} == "$root" ]] || fail "the log signed two trees of $size leaves"
  root_of_size[$size]=$root
}

# --- the paths from the leaves to the roots (RFC 9162, section 2.1.3.2), all of them level by level
proof_of=() position=() last_of=() path_of=() root_of=()
add_path() { # FOLDER: its leaf, to be hashed with all others
  [[ $index -lt $size ]] || fail "$1/STATEMENT.tlog-proof: no such leaf"
  local at=${#proof_of[@]}
  read_text "$1/STATEMENT.sha256"
  { printf '\0'; printf '%s' "$text"; } >"$work/node/$at"
  proof_of+=("$1/STATEMENT.tlog-proof") position+=("$index") last_of+=($((size - 1)))
  path_of+=("$siblings") root_of+=("$root")
}
check_paths() {
  local at files=() rising=("${!proof_of[@]}") next computed sibling ours
  local -a sums
  while [[ ${#rising[@]} -gt 0 ]]; do
    files=() next=()
    for at in "${rising[@]}"; do files+=("$work/node/$at"); done
    sha256_files "${files[@]}"
    for ((ours = 0; ours < ${#rising[@]}; ours++)); do
      at=${rising[ours]} computed=${sums[ours]:0:64}
      if [[ -z ${path_of[at]} ]]; then
        [[ ${last_of[at]} -eq 0 && $computed == "${root_of[at]}" ]] || fail \
          "${proof_of[at]}: the path does not lead from STATEMENT.sha256 to the signed root"
        continue
      fi
      [[ ${last_of[at]} -ne 0 ]] || fail "${proof_of[at]}: the path is too long"
      sibling=${path_of[at]%% *}
      path_of[at]=${path_of[at]#* }
      if ((position[at] & 1 || position[at] == last_of[at])); then
        escaped "01$sibling$computed"
        while ((!(position[at] & 1) && position[at])); do
          ((position[at] >>= 1, last_of[at] >>= 1)) || true
        done
      else
        escaped "01$computed$sibling"
      fi
      ((position[at] >>= 1, last_of[at] >>= 1)) || true
      printf '%b' "$bytes" >"$work/node/$at"
      next+=("$at")
    done
    rising=("${next[@]}")
  done
}

# --- time stamps ---------------------------------------------------------------------------------
stamps=0 trusted=0 local_stamps=0
declare -A checked_stamp
extra=()
verify_stamp() { # TOKEN DATA ROOTS MOMENT: certificates need to be valid at the stamp's own time
  openssl ts -verify -in "$1" -data "$2" -CAfile "$3" -attime "$4" "${extra[@]}" >/dev/null 2>&1
}
whole_der() { # FILE: one DER value and nothing behind it, which openssl would pass over
  local der length
  der=$(od -An -v -tx1 "$1" | tr -d ' \n')
  case ${der:0:4} in
    3081) length=$((16#${der:4:2} + 3)) ;;
    3082) length=$((16#${der:4:4} + 4)) ;;
    3083) length=$((16#${der:4:6} + 5)) ;;
    30[0-7]?) length=$((16#${der:2:2} + 2)) ;;
    *) return 1 ;;
  esac
  [[ ${#der} -eq $((2 * length)) ]]
}
check_stamp() { # TOKEN DATA: each answer over the same data only once
  local line moment='' by_us=0 by_you=0 key="${sha256_of[$1]} $2"
  if [[ -z ${checked_stamp[$key]:-} ]]; then
    whole_der "$1" && openssl ts -reply -in "$1" -text >"$work/reply" 2>/dev/null || fail "$1 is no time stamp"
    while IFS= read -r line; do
      case $line in
        'Time stamp: '*) moment=$(date -u -d "${line#Time stamp: }" +%s) || fail "$1 has no time" ;;
        "Policy OID: $local_policy") by_us=1 ;;
      esac
    done <"$work/reply"
    [[ -n $moment ]] || fail "$1 has no time"
    if [[ -n $own_roots ]] && verify_stamp "$1" "$2" "$own_roots" "$moment"; then by_you=1
    else verify_stamp "$1" "$2" data/keys/roots.pem "$moment" || fail "$1 does not verify"; fi
    checked_stamp[$key]="$by_us $by_you"
  fi
  read -r by_us by_you <<<"${checked_stamp[$key]}"
  stamps=$((stamps + 1)) local_stamps=$((local_stamps + by_us)) trusted=$((trusted + by_you))
}
check_stamps() { # FOLDER
  local token before=$stamps
  for token in "$1"/STATEMENT.tsa*.tsr "$1"/STATEMENT.checkpoint.tsa*.tsr; do
    [[ ${token##*/} =~ ^STATEMENT(\.checkpoint)?\.tsa[1-9][0-9]?\.tsr$ ]] || fail "what is $token?"
    if [[ -n ${BASH_REMATCH[1]} ]]; then check_stamp "$token" "$checkpoint"
    else check_stamp "$token" "$1/STATEMENT.sha256"; fi
    covered[$token]=1
  done
  [[ $stamps -gt $before ]] || fail "$1/STATEMENT.sha256 has no time stamp"
}

# --- OpenTimestamps: from the statement's hash to what must be in a block of the Bitcoin chain -----
calendars=()
ots_take() { # NUMBER of bytes -> taken
  taken=${ots:ots_at:2 * $1}
  [[ ${#taken} -eq $((2 * $1)) ]] || fail "$ots_file is cut short"
  ots_at=$((ots_at + 2 * $1))
}
ots_number() { # -> value: seven bits a byte, the lowest first
  local place=0
  value=0
  while :; do
    ots_take 1
    ((value |= (16#$taken & 127) << place, place += 7)) || true
    [[ $((16#$taken)) -gt 127 ]] || return 0
    [[ $place -lt 63 ]] || fail "$ots_file: a number is too long"
  done
}
ots_sized() { ots_number; [[ $value -le 8192 ]] || fail "$ots_file: a part is too long"; ots_take "$value"; }
ots_attested() { # MESSAGE: who knows it
  local tag payload=$ots after at made=''
  ots_take 8
  tag=$taken
  ots_sized
  after=$ots_at
  if [[ $tag == 83dfe30d2ef90c8e && -n $1 ]]; then # a calendar's address, with its length
    known=1
  elif [[ $tag == 0588960d73d71901 && -n $1 ]]; then # a block's number
    [[ ${#1} -eq 64 ]] || fail "$ots_file: what a block attests is no Merkle root"
    ots_at=$((after - ${#taken}))
    ots_number
    [[ $ots_at -eq $after ]] || fail "$ots_file: a block's number is malformed"
    for ((at = 62; at >= 0; at -= 2)); do made+=${1:at:2}; done
    calendars+=("$ots_file leads to Bitcoin block $value: compare its merkle root with $made")
    known=1
  fi
}
ots_step() { # CODE MESSAGE: one operation, and what follows from it; '' for one not computed here
  local made='' at
  case $1 in
    00) ots_attested "$2"; return ;;
    f0) ots_sized; [[ -z $2 ]] || made=$2$taken ;;
    f1) ots_sized; [[ -z $2 ]] || made=$taken$2 ;;
    f2) for ((at = ${#2} - 2; at >= 0; at -= 2)); do made+=${2:at:2}; done ;;
    08) escaped "$2"; sha256_text "$bytes"; [[ -z $2 ]] || made=$hash ;;
    02) escaped "$2"; printf '%b' "$bytes" >"$work/hashed"
      [[ -z $2 ]] || { made=$(sha1sum "$work/hashed"); made=${made:0:40}; } ;;
    03 | 67 | f3) ;;
    *) fail "$ots_file: an operation that is not known" ;;
  esac
  ots_node "$made" $(($3 + 1))
}
ots_node() { # MESSAGE DEPTH
  [[ $2 -le 256 ]] || fail "$ots_file is deeper than a proof can be"
  ots_take 1
  while [[ $taken == ff ]]; do
    ots_take 1
    ots_step "$taken" "$1" "$2"
    ots_take 1
  done
  ots_step "$taken" "$1" "$2"
}
check_calendar() { # FOLDER
  ots_file=$1/STATEMENT.ots
  [[ -f $ots_file ]] || return 0
  ots=$(od -An -v -tx1 "$ots_file" | tr -d ' \n')
  ots_at=62 known=0
  [[ ${ots:0:62} == 004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294 ]] ||
    fail "$ots_file is no OpenTimestamps proof"
  ots_take 34
  [[ $taken == "0108${sha256_of[$1/STATEMENT.sha256]}" ]] ||
    fail "$ots_file is not over STATEMENT.sha256"
  ots_node "${taken:4}" 0
  [[ $ots_at -eq ${#ots} ]] || fail "$ots_file has bytes that belong to nothing"
  [[ $known -eq 1 ]] || fail "$ots_file: nobody attests it"
  covered[$ots_file]=1
}

# --- one statement: files, tiles, receipt, time stamps -------------------------------------------
declare -A kind_of file_of shown_of lines_of visible_of
check_tiles() { # FOLDER of a picture: its visible tiles
  local row rows file
  covered[$1/TILES.sha256]=1
  shown_of[$1]='' visible_of[$1]=0 lines_of[$1]=0
  [[ -d $1/tiles ]] || return 0
  mapfile -t rows <"$1/TILES.sha256"
  lines_of[$1]=${#rows[@]}
  for row in "${rows[@]}"; do
    file=$1/${row:66}
    [[ -n ${sha256_of[$file]:-} ]] || continue
    [[ ${sha256_of[$file]} == "${row:0:64}" ]] || fail "$file is not the tile in TILES.sha256"
    covered[$file]=1
    shown_of[$1]+=$row$'\n'
    visible_of[$1]=$((visible_of[$1] + 1))
  done
}
check_files() { # FOLDER KIND: those of its files that are here
  local row rows path file=$1/record.json named=''
  [[ $2 != capture ]] || file=$1/meta.json
  mapfile -t rows <"$1/STATEMENT.sha256"
  for row in "${rows[@]}"; do
    path=${row:66}
    [[ $path != meta.json && $path != record.json ]] || named+=$path
    [[ $2 != export || $path == record.json ]] || continue # those stand elsewhere
    [[ -n ${sha256_of[$1/$path]:-} ]] || continue
    [[ ${sha256_of[$1/$path]} == "${row:0:64}" ]] ||
      fail "$1/$path: its hash is not the one in STATEMENT.sha256"
    covered[$1/$path]=1
    [[ $path != */TILES.sha256 ]] || check_tiles "$1/${path%/TILES.sha256}"
  done
  [[ -n ${covered[$file]:-} ]] || fail "$file is missing from the statement or the bag"
  [[ $named != meta.jsonrecord.json ]] ||
    fail "$1/STATEMENT.sha256 lists both meta.json and record.json"
}
check_statement() { # FOLDER KIND -> what it holds in file_of and kind_of, by its leaf index
  local file=$1/record.json
  [[ $2 != capture ]] || file=$1/meta.json
  [[ -f $1/STATEMENT.sha256 ]] || fail "$1/STATEMENT.sha256 is missing"
  check_files "$1" "$2"
  read_proof "$1"
  check_checkpoint "$1"
  add_path "$1"
  check_stamps "$1"
  check_calendar "$1"
  covered[$1/STATEMENT.sha256]=1
  covered[$1/STATEMENT.tlog-proof]=1
  [[ -z ${kind_of[$index]:-} ]] || fail "two statements claim leaf $index"
  read_text "$file"
  [[ $text == *"\"kind\":\"$2\""* && $text == *'"salt":"'* ]] || fail "$file is no $2"
  kind_of[$index]=$2 file_of[$index]=$file
}

# --- the main record (a capture; without one a look), then all others ----------------------------
check_all_lists() {
  local lists=(data/STATEMENT.sha256 data/records/*/STATEMENT.sha256) pictures=(data/**/TILES.sha256)
  check_lists "${lists[@]}" "${pictures[@]}"
  [[ ${#pictures[@]} -eq 0 ]] && return
  cat -- "${pictures[@]}" | cut -c 67-72 | sort -u >"$work/out"
  [[ $(<"$work/out") == tiles/ ]] || fail 'a TILES.sha256 lists something that is no tile'
}
check_main() {
  main_kind=capture
  [[ $'\n'$(cut -c 67- data/STATEMENT.sha256)$'\n' != *$'\nrecord.json\n'* ]] ||
    main_kind=observation
  [[ ! -f data/keys/intermediates.pem ]] || extra=(-untrusted data/keys/intermediates.pem)
  check_statement data "$main_kind"
  main_index=$index
  [[ -z $own_roots || $trusted -gt 0 ]] || fail 'no time stamp leads to the roots that you trust'
  [[ -z $own_witnesses || $main_trusted_witness -eq 1 ]] ||
    fail 'no witness that you trust cosigned the checkpoint'
}
check_records() {
  local folder name kind
  for folder in data/records/*/; do
    name=${folder#data/records/} name=${name%/}
    [[ $name =~ ^$number-([a-z][a-z_]{0,39})$ ]] || fail "what is $folder?"
    kind=${BASH_REMATCH[2]}
    check_statement "${folder%/}" "$kind"
    [[ ${name%%-*} == "$index" ]] || fail "$folder: its leaf index is $index"
  done
}

# --- what the records say of each other ----------------------------------------------------------
declare -A erased
places=() looks=' ' verdicts=() last='' last_export='' captures='' first='' first_seen=''
read_leaves() { # PLACE NAME -> leaves: a sorted list of leaf indexes in that record
  local leaf before=-1
  read_text "${file_of[$1]}"
  [[ $text =~ \"$2\":\[([0-9,]*)\] ]] || fail "${file_of[$1]} has no list of $2"
  IFS=, read -r -a leaves <<<"${BASH_REMATCH[1]}"
  [[ $2 == basis ]] && return
  for leaf in "${leaves[@]}"; do
    [[ $leaf -gt $before ]] || fail "${file_of[$1]}: its $2 are not sorted"
    before=$leaf
  done
}
sort_records() { # by kind, in the order of the log; the looks and notices into $work/observations
  local place leaf
  mapfile -t places < <(printf '%s\n' "${!kind_of[@]}" | sort -n)
  for place in "${places[@]}"; do
    case ${kind_of[$place]} in
      capture) captures+=" $place" ;;
      verdict) last=${file_of[$place]}; verdicts+=("$place") ;;
      export) last_export=$place ;;
      observation | notice) looks+="$place " ;;
      erasure)
        read_leaves "$place" leaves
        [[ ${#leaves[@]} -gt 0 ]] || fail "${file_of[$place]} says of nothing that it was erased"
        for leaf in "${leaves[@]}"; do
          [[ $leaf -lt $place && -z ${kind_of[$leaf]:-} ]] ||
            fail "${file_of[$place]} says that record $leaf was erased"
          erased[$leaf]=1
        done ;;
    esac
  done
}
check_looks() { # the main look (see README.txt), and the visits that looks were taken in
  local place
  : >"$work/observations"
  for place in $looks; do
    read_text "${file_of[$place]}"
    printf '%s\n' "$text" >>"$work/observations"
    [[ ${kind_of[$place]} == observation ]] || continue
    first=${first:-$place}
    [[ ! $text =~ \"sighting\":\"(present|moved|edited|collapsed)\" ]] ||
      first_seen=${first_seen:-$place}
    [[ $text == *'"visit":'* && $text != *'"visit":null'* ]] || continue
    [[ $text =~ \"visit\":$number[,}] ]] &&
      [[ ${kind_of[${BASH_REMATCH[1]}]:-} == visit || -n ${erased[${BASH_REMATCH[1]}]:-} ]] ||
      fail "${file_of[$place]}: the visit that it was taken in is not here"
  done
  [[ $main_kind == observation ]] || return 0
  [[ -z $captures ]] || fail "data/record.json: a bundle with a capture ($captures ) is around it"
  [[ $main_index == "${first_seen:-$first}" ]] ||
    fail "data/record.json: a bundle without a capture is around look ${first_seen:-$first}"
}
check_drawn_from() { # every record that a verdict was drawn from is here, or was erased
  local place leaf
  for place in "${verdicts[@]}"; do
    read_leaves "$place" basis
    for leaf in "${leaves[@]}"; do
      [[ $looks == *" $leaf "* || -n ${erased[$leaf]:-} ]] ||
        fail "${file_of[$place]} was drawn from record $leaf, which is not here"
    done
  done
}
check_older() { # without an export: nothing in it is of a version that always makes one
  local place
  for place in "${places[@]}"; do
    read_text "${file_of[$place]}"
    case ${kind_of[$place]} in
      visit | erasure) fail 'the export that closes such a bundle is not here' ;;
      capture) [[ $text != *'"exports":true'* ]] ;;
      observation) [[ $text != *'"visit":'* || $text == *'"visit":null'* ]] ;;
    esac || fail 'the export that closes such a bundle is not here'
  done
}
check_export() { # the last export names every record of the bundle; its files are those it made
  local leaf row rows path file exported
  [[ -n $last_export ]] || { check_older; return; }
  exported=${file_of[$last_export]}
  read_leaves "$last_export" records
  local -A named=()
  for leaf in "${leaves[@]}"; do
    named[$leaf]=1
    [[ -n ${kind_of[$leaf]:-} && $leaf != "$main_index" && $leaf != "$last_export" ||
      -n ${erased[$leaf]:-} ]] || fail "$exported: record $leaf was in the bundle and is not here"
  done
  for leaf in "${places[@]}"; do
    [[ -n ${named[$leaf]:-} || $leaf == "$main_index" || $leaf == "$last_export" ]] ||
      fail "${file_of[$leaf]}: record $leaf was not in the bundle when it was made"
  done
  [[ $text =~ \"main\":$number[,}] && ${BASH_REMATCH[1]} == "$main_index" ]] ||
    fail "$exported: the bundle was around another record"
  check_shown "$exported"
  mapfile -t rows <"${exported%/record.json}/STATEMENT.sha256"
  for row in "${rows[@]}"; do
    path=${row:66} file=data/${row:66}
    [[ $path != record.json ]] || continue
    [[ $path == report.pdf || $path =~ ^c2pa/[^/]+$ ||
      $path =~ ^(records/$number-[a-z][a-z_]{0,39}/)?[^/]+(/[^/]+)?/masked\.png$ ]] ||
      fail "$exported: an export has no file $path"
    [[ ${sha256_of[$file]:-} == "${row:0:64}" ]] || fail "$file is missing, or not the one exported"
    covered[$file]=1
    [[ $path != */masked.png ]] || check_masked "${file%/masked.png}"
  done
  for path in "${!shown_digest[@]}"; do
    [[ -n ${covered[$path/masked.png]:-} ]] || fail "$path/masked.png is not in the export"
  done
  for path in "${!visible_of[@]}"; do
    [[ ${visible_of[$path]} -eq 0 || -n ${shown_digest[$path]:-} ]] ||
      fail "$path: tiles of a picture that is not masked"
  done
}
declare -A shown_digest
check_shown() { # RECORD -> shown_digest: by picture, the hash of the list of its visible tiles
  local entry entries tiles='' pair
  pair='"([A-Za-z0-9._/-]+)":"([0-9a-f]{64})"'
  [[ ! $text =~ \"tiles\":\{([^}]*)\} ]] || tiles=${BASH_REMATCH[1]}
  IFS=, read -r -a entries <<<"$tiles"
  for entry in "${entries[@]}"; do
    [[ $entry =~ ^$pair$ ]] || fail "$1: its tiles are malformed"
    shown_digest[data/${BASH_REMATCH[1]}]=${BASH_REMATCH[2]}
  done
}
masks=() netpbm=''
! { command -v pngtopnm && command -v pnmcat && command -v ppmmake; } >/dev/null || netpbm=1
check_masked() { # FOLDER of a masked picture
  local width height columns rows name
  [[ -n ${shown_digest[$1]:-} && -n ${covered[$1/TILES.sha256]:-} ]] ||
    fail "$1/masked.png: the export or the record does not say which tiles are shown"
  printf '%s' "${shown_of[$1]}" >"$work/shown"
  sha256_files "$work/shown"
  [[ ${sums[0]:0:64} == "${shown_digest[$1]}" ]] ||
    fail "$1/TILES.sha256: other tiles are here than the export shows"
  read -r width height < <(od -An -v --endian=big -tu4 -j16 -N8 "$1/masked.png")
  [[ ${width:-0} -gt 0 && ${height:-0} -gt 0 ]] || fail "$1/masked.png is no picture"
  columns=$(((width + 31) / 32)) rows=$(((height + 31) / 32))
  mapfile -t names < <(cut -c 67- "$1/TILES.sha256")
  printf -v name 'tiles/%04d-%04d.ppm' $((rows - 1)) $((columns - 1))
  [[ ${#names[@]} -eq $((rows * columns)) && ${names[-1]} == "$name" ]] ||
    fail "$1/masked.png has another size than the picture whose tiles are listed"
  masks+=("$1/masked.png: ${visible_of[$1]} of ${#names[@]} tiles are shown")
  [[ -z $netpbm ]] || compare_pixels "$1" "$width" "$height" "$columns" "$rows"
}
compare_pixels() { # FOLDER WIDTH HEIGHT COLUMNS ROWS: put together from the tiles, it is the same
  local row column name part wide high
  : >"$work/strips"
  for ((row = 0; row < $5; row++)); do
    part=()
    for ((column = 0; column < $4; column++)); do
      printf -v name '%s/tiles/%04d-%04d.ppm' "$1" "$row" "$column"
      if [[ ! -f $name ]]; then
        wide=$(($2 - column * 32)) high=$(($3 - row * 32))
        wide=$((wide < 32 ? wide : 32)) high=$((high < 32 ? high : 32)) name=$work/$wide-$high.ppm
        [[ -f $name ]] || ppmmake rgb:80/80/80 "$wide" "$high" >"$name"
      fi
      part+=("$name")
    done
    pnmcat -lr "${part[@]}" >"$work/strip-$row.ppm"
    printf '%s\n' "$work/strip-$row.ppm" >>"$work/strips"
  done
  mapfile -t part <"$work/strips"
  pnmcat -tb "${part[@]}" >"$work/built.ppm"
  pngtopnm "$1/masked.png" >"$work/masked.ppm" 2>/dev/null || fail "$1/masked.png is no picture"
  sha256_files "$work/built.ppm" "$work/masked.ppm"
  [[ ${sums[0]:0:64} == "${sums[1]:0:64}" ]] ||
    fail "$1/masked.png shows other pixels than its tiles"
}

# --- the observations and the verdict at the top are those of the records ------------------------
check_top() {
  sha256_files "$work/observations"
  [[ ${sha256_of[data/observations.jsonl]:-} == "${sums[0]:0:64}" ]] ||
    fail 'observations.jsonl is not what was logged'
  if [[ -n $last ]]; then
    [[ ${sha256_of[data/verdict.json]:-} == "${sha256_of[$last]}" ]] ||
      fail 'verdict.json is not the verdict that was logged last'
  else
    [[ ! -e data/verdict.json ]] || fail 'verdict.json was never logged'
  fi
}
check_nothing_else() {
  local name
  for name in README.txt verify.sh observations.jsonl verdict.json keys/log.vkey keys/log.pem \
    keys/witnesses.vkey keys/roots.pem keys/intermediates.pem; do covered[data/$name]=1; done
  for name in "${present[@]}"; do
    [[ $name != data/* || -n ${covered[$name]:-} ]] || fail "no statement covers $name"
  done
}

unpack
check_bag
check_keys
check_all_lists
check_main
check_records
check_paths
sort_records
check_looks
check_drawn_from
check_export
check_top
check_nothing_else
echo "Time stamps: $stamps"
[[ $local_stamps -eq 0 ]] ||
  echo "$local_stamps time stamps are by the service's own authority: they prove order, not time."
[[ $cosignatures -eq 0 ]] || echo "Cosignatures of witnesses: $cosignatures"
[[ ${#calendars[@]} -eq 0 ]] || printf '%s\n' "${calendars[@]}"
[[ ${#masks[@]} -eq 0 ]] || printf '%s\n' "${masks[@]}"
[[ ${#erased[@]} -eq 0 ]] || echo "Erased records: ${!erased[*]}"
[[ -n $last_export ]] || echo 'Made by an older version: no export says which records belong here.'
[[ -n $own_roots ]] || echo 'Roots were taken from the bundle: obtain them elsewhere to be sure.'
[[ -n $own_key ]] || echo "The log's key was taken from the bundle: obtain it elsewhere to be sure."
echo OK
