using Microsoft.Extensions.Options;
using ServiceDefaults.Access;

namespace CloudTicks.Simulator;

/// <summary>Checks the key of the control routes: local callers need none, others send it as <c>Authorization: Bearer KEY</c>.</summary>
internal sealed class ApiKeyFilter(KeylessCallers callers, IOptions<SimulatorOptions> options) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var key = options.Value.ApiKey;
        var hasKey = key.Length > 0 && SecretText.AreEqual(request.Headers.Authorization.ToString(), $"Bearer {key}");
        return hasKey || callers.Includes(request)
            ? next(context)
            : ValueTask.FromResult<object?>(Results.Problem(
                "Send the simulator's key (Simulator:ApiKey) as Authorization: Bearer KEY. Only requests from this machine to a name "
                    + "such as localhost, without a proxy, need no key.",
                statusCode: StatusCodes.Status401Unauthorized));
    }
}
