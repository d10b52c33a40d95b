#include "engine/error.h"

G_DEFINE_QUARK (lacuna-error-quark, lacuna_error)
