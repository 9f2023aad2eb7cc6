#include "cschemas.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t backtest_1[] = {
#embed "../RiskSchemas/backtest-1.json"
};
static const uint8_t calibration_1[] = {
#embed "../RiskSchemas/calibration-1.json"
};
static const uint8_t explanation_1[] = {
#embed "../RiskSchemas/explanation-1.json"
};
static const uint8_t market_1[] = {
#embed "../RiskSchemas/market-1.json"
};
static const uint8_t model_1[] = {
#embed "../RiskSchemas/model-1.json"
};
static const uint8_t replay_1[] = {
#embed "../RiskSchemas/replay-1.json"
};
static const uint8_t report_1[] = {
#embed "../RiskSchemas/report-1.json"
};
static const uint8_t run_1[] = {
#embed "../RiskSchemas/run-1.json"
};
static const uint8_t what_if_1[] = {
#embed "../RiskSchemas/what-if-1.json"
};

struct text {
  const uint8_t *bytes;
  size_t count;
};

static const struct text texts[] = {
  [CS_BACKTEST_1] = {backtest_1, sizeof backtest_1},
  [CS_CALIBRATION_1] = {calibration_1, sizeof calibration_1},
  [CS_EXPLANATION_1] = {explanation_1, sizeof explanation_1},
  [CS_MARKET_1] = {market_1, sizeof market_1},
  [CS_MODEL_1] = {model_1, sizeof model_1},
  [CS_REPLAY_1] = {replay_1, sizeof replay_1},
  [CS_REPORT_1] = {report_1, sizeof report_1},
  [CS_RUN_1] = {run_1, sizeof run_1},
  [CS_WHAT_IF_1] = {what_if_1, sizeof what_if_1},
};

static const int32_t count = sizeof texts / sizeof texts[0];

size_t cs_count(int32_t schema) { return schema >= 0 && schema < count ? texts[schema].count : 0; }

uint8_t cs_byte(int32_t schema, size_t place) {
  return place < cs_count(schema) ? texts[schema].bytes[place] : 0;
}
