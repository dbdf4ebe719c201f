// SPDX-License-Identifier: MIT
// The service ring: programs, streams, the journal and the engine that holds them.
//
// A command is decided once, on the state of its stream, into facts; facts are folded into the state and chained into the journal. The same
// engine runs in the page, where its verdicts are only shown, and at the backend, where they count.
#pragma once

#include "souk/service/engine.hpp"
#include "souk/service/journal.hpp"
#include "souk/service/program.hpp"
#include "souk/service/protocol.hpp"
#include "souk/service/stream.hpp"
