using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Querying;

internal static class QueryProblems
{
    public static JsonAnswer? Refusal(this QueryParameters parameters) => parameters.Problems.Count == 0
        ? null
        : JsonAnswer.Problem(new ValidationProblemDetails(parameters.Problems)
        {
            Title = "A parameter is wrong.",
            Status = StatusCodes.Status400BadRequest,
            Detail = parameters.Sentence,
        });
}
