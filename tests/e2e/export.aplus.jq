# export.aplus.jq - checks a document against the definitions of Amazon's A+ Content API 2020-11-01:
# module types with their fields, lengths of texts and lists, images with crop and alternative text.
# Its argument $files is an object of the images in the ZIP: name to [width, height]. Prints each
# violation.
def where: map(tostring) | join(".");
def camel: split("_") | [.[0] | ascii_downcase] + (.[1:] | map((.[:1]) + (.[1:] | ascii_downcase))) | join("");
def least_size: {
  STANDARD_IMAGE_SIDEBAR: {imageCaptionBlock: [300, 400], sidebarImageTextBlock: [350, 175]},
  STANDARD_SINGLE_IMAGE_HIGHLIGHTS: {"": [300, 300]}, STANDARD_SINGLE_IMAGE_SPECS_DETAIL: {"": [300, 300]},
  STANDARD_FOUR_IMAGE_TEXT: {block1: [220, 220], block2: [220, 220], block3: [220, 220], block4: [220, 220]},
  STANDARD_HEADER_IMAGE_TEXT: {block: [970, 600]}, STANDARD_TEXT: {} };
def fields: {
  STANDARD_IMAGE_SIDEBAR: ["headline", "imageCaptionBlock", "descriptionTextBlock", "descriptionListBlock",
                           "sidebarImageTextBlock", "sidebarListBlock"],
  STANDARD_SINGLE_IMAGE_HIGHLIGHTS: ["image", "headline", "textBlock1", "textBlock2", "textBlock3", "bulletedListBlock"],
  STANDARD_SINGLE_IMAGE_SPECS_DETAIL: ["headline", "image", "descriptionHeadline", "descriptionBlock1",
    "descriptionBlock2", "specificationHeadline", "specificationListBlock", "specificationTextBlock"],
  STANDARD_FOUR_IMAGE_TEXT: ["headline", "block1", "block2", "block3", "block4"],
  STANDARD_HEADER_IMAGE_TEXT: ["headline", "block"], STANDARD_TEXT: ["headline", "body"] };
def headline_most: if . == "STANDARD_HEADER_IMAGE_TEXT" then 150 else 160 end;

def text_component: (type == "object") and (keys - ["decoratorSet"]) == ["value"] and (.value | type) == "string"
  and (.value | length) >= 1 and (.value | length) <= 10000;
def pixels: (keys == ["units", "value"]) and .units == "pixels" and (.value | . == floor);
def image($size): .
  | if (keys != ["altText", "imageCropSpecification", "uploadDestinationId"]) then "fields of an image"
    elif (.altText | length) < 1 or (.altText | length) > 100 then "alternative text"
    elif ($files[.uploadDestinationId] | not) then "the image \(.uploadDestinationId) is not in the ZIP"
    elif ([.imageCropSpecification | .size.width, .size.height, .offset.x, .offset.y | pixels] | all | not)
      then "crop"
    else ([.imageCropSpecification.size.width.value, .imageCropSpecification.size.height.value]) as $crop
      | if $crop != $files[.uploadDestinationId] then "the crop \($crop) is not the image"
        elif $crop[0] < $size[0] or $crop[1] < $size[1] then "\($crop) is less than \($size)"
        elif (($crop[0] / $crop[1]) / ($size[0] / $size[1]) - 1 | fabs) > 0.01 then "\($crop) has another ratio"
        else empty end end;

.contentDocument as $document
| (if ($document | keys) != ["contentModuleList", "contentType", "locale", "name"] then "fields of the document" else empty end),
  (if ($document.name | length) < 1 or ($document.name | length) > 100 then "name" else empty end),
  (if $document.contentType != "EBC" then "contentType" else empty end),
  (if ($document.locale | test("^[a-z]{2,}-[A-Z0-9]{2,}$") | not) then "locale" else empty end),
  (if ($document.contentModuleList | length) < 1 or ($document.contentModuleList | length) > 5 then "number of modules" else empty end),
  ($document.contentModuleList | to_entries[] | .key as $i | .value as $each
   | $each.contentModuleType as $type | ($type | camel) as $field | ($each[$field] // {}) as $body
   | "module \($i + 1), \($type): " + (
     (if (fields[$type] | not) then "unknown type" else empty end),
     (if ($each | keys) != (["contentModuleType", $field] | sort) then "fields \($each | keys)" else empty end),
     (($body | keys) - (fields[$type] // []) | if length > 0 then "fields \(.)" else empty end),
     (if ($body.headline // {} | text_component | not) or ($body.headline.value | length) > ($type | headline_most)
      then "headline" else empty end),
     (if $type == "STANDARD_TEXT" and (($body.body.textList | length) < 1) then "body" else empty end),
     # every text, wherever it is
     ($body | paths(type == "object" and has("value") and (.value | type) == "string") as $p
      | getpath($p) | if text_component then empty else "text \($p | where)" end),
     # lists: of paragraphs (1 to 100) and of items (at most 8, each with a position of its own)
     ($body | paths as $p | select($p[-1] == "textList") | getpath($p)
      | if length < 1 or length > 100 then "list \($p | where)"
        elif (.[0] | has("position")) and (length > 8 or (map(.position) != [range(1; length + 1)])
              or (map(.text | text_component) | all | not)) then "items \($p | where)"
        elif (.[0] | has("position") | not) and (map(text_component) | all | not) then "paragraphs \($p | where)"
        else empty end),
     # images: each slot of the type has one of its size
     (least_size[$type] // {} | to_entries[] | .value as $size
      | (if .key == "" then $body.image else $body[.key].image end)
      | if . then image($size) else "a slot has no image" end)))
