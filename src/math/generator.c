#include "math/generator.h"
