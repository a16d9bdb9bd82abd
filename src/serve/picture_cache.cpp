#include "serve/picture_cache.hpp"

namespace orchestrator {

void PictureCache::keep(int source, ShownTime when, PictureFile picture) {
  const Key key{source, when.first};
  if (const auto before = by_key_.find(key); before != by_key_.end()) drop(before->second);
  bytes_ += picture->size();
  entries_.push_front({key, when.end, std::move(picture)});
  by_key_[key] = entries_.begin();
  while (bytes_ > most_bytes_) drop(std::prev(entries_.end()));
}

PictureFile PictureCache::find(int source, std::int64_t time) {
  auto place = by_key_.upper_bound({source, time});
  if (place == by_key_.begin()) return nullptr;
  const auto entry = std::prev(place)->second;
  if (entry->key.first != source || time >= entry->end) return nullptr;
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->picture;
}

void PictureCache::drop(std::list<Entry>::iterator entry) {
  bytes_ -= entry->picture->size();
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

}  // namespace orchestrator
