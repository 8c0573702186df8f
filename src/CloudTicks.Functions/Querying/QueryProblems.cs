using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Querying;

internal static class QueryProblems
{
    public static JsonAnswer? Refusal(this QueryParameters parameters) => parameters.Faults.Count == 0
        ? null
        : JsonAnswer.Problem(RequestFault.Of(StatusCodes.Status400BadRequest, "A parameter is wrong.", parameters.Faults));
}
