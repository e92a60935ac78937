"""Whose Redis answers."""

import socket
import threading

import services


def answering(text: bytes) -> int:
	"""The port of a server that says this once."""
	server = socket.create_server(("127.0.0.1", 0))

	def serve():
		connection, _address = server.accept()
		with connection, server:
			assert connection.recv(100) == b"CONFIG GET dir\r\n"
			connection.sendall(text)

	threading.Thread(target=serve, daemon=True).start()
	return server.getsockname()[1]


def test_a_redis_says_where_it_works():
	port = answering(b"*2\r\n$3\r\ndir\r\n$22\r\n/home/bench/config/pids\r\n")
	assert str(services.redis_folder("127.0.0.1", port)) == "/home/bench/config/pids"


def test_one_that_is_locked_or_absent_says_nothing():
	assert services.redis_folder("127.0.0.1", answering(b"-NOAUTH Authentication required.\r\n")) is None
	assert services.redis_folder("127.0.0.1", services.free_port()) is None


def test_another_benchs_redis_is_known_by_its_folder(make_bench_folder, tmp_path):
	ours, other = make_bench_folder("ours").path, make_bench_folder("other").path
	assert services.is_of_another_bench(other / "config" / "pids", ours)
	assert not services.is_of_another_bench(ours / "config" / "pids", ours)
	assert not services.is_of_another_bench(tmp_path / "var", ours), "a service of the machine"
	link = tmp_path / "link"
	link.symlink_to(ours)
	assert not services.is_of_another_bench(link / "config" / "pids", ours)
