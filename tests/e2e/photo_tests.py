"""Photos of inspections on their way to the hub: every one arrives whole, once; returns never wait for them."""

import hashlib
import http.client
import os
import unittest

import chain
import shop


def a_photo(bytes_=2_000):
    return b"\xff\xd8\xff" + os.urandom(bytes_)


def put(store, content):
    name = hashlib.sha256(content).hexdigest()
    connection = http.client.HTTPConnection("127.0.0.1", store.port, timeout=30)
    connection.request("PUT", f"/api/v1/photos/{name}", content, {"Content-Type": "image/jpeg"})
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    if reply.status not in (200, 201):
        raise shop.Failed(f"the photo was answered {reply.status}: {text}")
    return name


class PhotoTests(chain.ChainTest):
    def at_hub(self, store):
        folder = self.hub.folder / "photos" / node_of(store)
        return {file.name: file.read_bytes() for file in folder.iterdir()} if folder.exists() else {}

    def until_at_hub(self, store, photos):
        shop.until(lambda: store.status()["photos"]["waiting"] == 0, "the hub to have every photo")
        self.assertEqual(self.at_hub(store), photos)

    def test_photos_taken_offline_arrive_after_the_returns_and_stay_readable_here(self):
        store = self.running("anna", sync=False)
        photos = {put(store, content): content for content in (a_photo(), a_photo(3_000_000), a_photo(6_000_000))}
        order = chain.sell(store, "photo-1")
        line = {**chain.of_order(order), "photos": [{"sha256": name} for name in photos]}
        self.assertEqual(chain.take_back(store, chain.a_return([line]))["state"], "closed")
        self.assertEqual(store.status()["photos"], {"waiting": 3, "detail": ""})
        store.start_sync()
        self.until_at_hub(store, photos)
        self.in_step(store)
        for name, content in photos.items():
            sent = store.folder / "photos" / "sent" / name
            self.assertEqual(sent.read_bytes(), content)
            os.utime(sent, (1, 1))  # long ago
        store.daemon.stop()
        store.start_sync()
        shop.until(lambda: not list((store.folder / "photos" / "sent").iterdir()), "old photos to go here")
        self.assertEqual(self.at_hub(store), photos)
        self.assert_journal_is_sound(store)  # a journal needs no file of a photo

    def test_a_daemon_that_is_killed_over_and_over_brings_every_photo_once_and_whole(self):
        store = self.running("bert")
        photos = {}
        for _ in range(6):
            for content in (a_photo(2_000_000), a_photo()):
                photos[put(store, content)] = content
            store.daemon.kill()
            store.start_sync()
        self.until_at_hub(store, photos)

    def test_a_photo_that_the_hub_had_before_a_lost_answer_is_not_needed_again(self):
        store = self.running("cleo", sync=False)
        content = a_photo()
        name = put(store, content)
        folder = self.hub.folder / "photos" / node_of(store)
        folder.mkdir(parents=True)
        (folder / name).write_bytes(content)  # as it is when only the answer was lost
        inode = (folder / name).stat().st_ino
        store.start_sync()
        self.until_at_hub(store, {name: content})
        self.assertEqual((folder / name).stat().st_ino, inode)

    def test_a_photo_that_was_damaged_here_is_set_aside_and_the_others_go(self):
        store = self.running("dora", sync=False)
        broken, whole = a_photo(), a_photo()
        broken_name, whole_name = put(store, broken), put(store, whole)
        (store.folder / "photos" / broken_name).write_bytes(broken[:-1])
        store.start_sync()
        self.until_at_hub(store, {whole_name: whole})
        self.assertTrue((store.folder / "photos" / (broken_name + ".damaged")).exists())

    def test_a_hub_that_cannot_keep_photos_is_named_and_returns_go_on(self):
        store = self.running("emil", sync=False)
        folder = self.hub.folder / "photos" / node_of(store)
        folder.parent.mkdir(exist_ok=True)
        folder.write_text("a file in the way of the folder")
        content = a_photo()
        name = put(store, content)
        store.start_sync()
        shop.until(lambda: store.status()["photos"]["detail"], "the trouble with photos to be told")
        self.assertTrue(store.status()["sync"]["online"])
        order = chain.sell(store, "photo-2")
        self.assertEqual(chain.take_back(store, chain.a_return([chain.of_order(order)]))["state"], "closed")
        self.in_step(store)
        self.assertEqual(store.status()["photos"]["waiting"], 1)
        folder.unlink()
        self.until_at_hub(store, {name: content})
        shop.until(lambda: not store.status()["photos"]["detail"], "the trouble with photos to be over")


def node_of(store):
    return store.status()["node"]


if __name__ == "__main__":
    unittest.main()
