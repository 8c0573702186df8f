using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Querying;

internal static class QueryProblems
{
    public static JsonResponse? Refusal(this QueryParameters parameters) => parameters.Faults.Count == 0
        ? null
        : JsonResponse.Problem(RequestFault.Of(StatusCodes.Status400BadRequest, "A parameter is invalid.", parameters.Faults));
}
