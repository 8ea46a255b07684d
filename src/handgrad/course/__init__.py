"""The course: levels, read from folders that hold all of a level.

The package's own levels are in ``levels/``; a teacher's may lie anywhere.
"""

from handgrad.course.catalogue import Course, load_course
from handgrad.course.level import Level
from handgrad.course.level_declaration import GivenClass, JudgedArray, JudgedClass
from handgrad.course.planted_answer import PlantedAnswer

__all__ = [
    "Course",
    "GivenClass",
    "JudgedArray",
    "JudgedClass",
    "Level",
    "PlantedAnswer",
    "load_course",
]
