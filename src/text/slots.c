#include "text/slots.h"
