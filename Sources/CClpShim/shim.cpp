#include "CClpShim.h"
#include <coin/Clp_C_Interface.h>

namespace {

/* A model that is freed whatever happens. */
class Model {
public:
  Model() : model(Clp_newModel()) {}
  ~Model() {
    if (model) Clp_deleteModel(model);
  }
  Model(const Model &) = delete;
  Model &operator=(const Model &) = delete;
  Clp_Simplex *const model;
};

int minimise(const clp_programme &it, int most_iterations, double *values, double *reduced_costs,
             double *prices, double *objective) {
  Model owner;
  Clp_Simplex *model = owner.model;
  if (!model) return 3;
  Clp_setLogLevel(model, 0);
  Clp_loadProblem(model, it.column_count, it.row_count, it.starts, it.rows, it.factors, it.column_lower,
                  it.column_upper, it.costs, it.row_lower, it.row_upper);
  Clp_setMaximumIterations(model, most_iterations);
  Clp_scaling(model, 3);
  /* Perturbed costs would make the vertex depend on a generator's state. */
  Clp_setPerturbation(model, 100);
  Clp_dual(model, 0);
  /* The dual method cannot tell an unbounded programme from one without a feasible point; the primal can. */
  if (Clp_status(model) != 0) Clp_primal(model, 0);
  int status = Clp_status(model);
  if (status == 1 || status == 2) return status;
  if (status != 0) return 3;
  const double *found = Clp_getColSolution(model);
  const double *reduced = Clp_getReducedCost(model);
  const double *price = Clp_getRowPrice(model);
  if (!found || !reduced || !price) return 3;
  for (int j = 0; j < it.column_count; j++) {
    values[j] = found[j];
    reduced_costs[j] = reduced[j];
  }
  for (int i = 0; i < it.row_count; i++) prices[i] = price[i];
  *objective = Clp_objectiveValue(model);
  return 0;
}

} // namespace

int clp_minimise(const clp_programme *programme, int most_iterations, double *values, double *reduced_costs,
                 double *prices, double *objective) {
  /* Clp reports what it cannot continue from as C++ exceptions; none may reach a caller in another language. */
  try {
    return minimise(*programme, most_iterations, values, reduced_costs, prices, objective);
  } catch (...) {
    return 3;
  }
}

void clp_version(int version[3]) {
  version[0] = Clp_VersionMajor();
  version[1] = Clp_VersionMinor();
  version[2] = Clp_VersionRelease();
}
