"""What is slow, or due at times: run beside the requests, once, by whichever replica comes first, with progress."""

from chassis.jobs.job import Job, LeaseLost, Task
from chassis.jobs.loop import JobLoop
from chassis.jobs.queue import JobState, enqueue, state_of

__all__ = ["Job", "JobLoop", "JobState", "LeaseLost", "Task", "enqueue", "state_of"]
