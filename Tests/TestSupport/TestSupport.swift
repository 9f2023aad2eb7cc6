// Tools shared by the tests follow.
