/// The bytes of the JSON Schemas in Sources/RiskSchemas, embedded by the C compiler: the Swift compiler takes
/// a minute over as many literals.
#ifndef CSCHEMAS_H
#define CSCHEMAS_H

#include <stddef.h>
#include <stdint.h>

/// Which schema, in byte order of the file names.
enum cs_schema { CS_BACKTEST_1, CS_CALIBRATION_1, CS_EXPLANATION_1, CS_MARKET_1, CS_MODEL_1, CS_REPLAY_1, CS_REPORT_1, CS_RUN_1, CS_WHAT_IF_1 };

/// Bytes of a schema; 0 for a number that is none.
size_t cs_count(int32_t schema);

/// One byte of a schema; 0 outside it.
uint8_t cs_byte(int32_t schema, size_t place);

#endif
