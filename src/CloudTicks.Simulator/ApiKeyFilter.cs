using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace CloudTicks.Simulator;

/// <summary>Callers of other machines give the key as <c>Authorization: Bearer KEY</c>; those of this machine need none.</summary>
internal sealed class ApiKeyFilter(IOptions<SimulatorOptions> options) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext;
        var isLocal = request.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address);
        var given = Encoding.UTF8.GetBytes(request.Request.Headers.Authorization.ToString());
        var expected = Encoding.UTF8.GetBytes($"Bearer {options.Value.ApiKey}");
        return isLocal || CryptographicOperations.FixedTimeEquals(given, expected)
            ? next(context)
            : ValueTask.FromResult<object?>(Results.Problem("Give the simulator's key: Authorization: Bearer KEY.", statusCode: StatusCodes.Status401Unauthorized));
    }
}
