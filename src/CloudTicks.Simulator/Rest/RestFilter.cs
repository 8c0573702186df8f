using CloudTicks.Polygon.Serving.Rest;
using Microsoft.Extensions.Options;
using ServiceDefaults.Access;

namespace CloudTicks.Simulator.Rest;

/// <summary>Requires the key, if one is configured, and writes errors in the form of the real endpoints.</summary>
internal sealed class RestFilter(IOptions<SimulatorOptions> options, RestFaults faults) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!HasKey(context.HttpContext.Request))
            return RestKey.Unknown();
        try
        {
            if (await faults.StrikeAsync(context.HttpContext) is { } error)
                return error;
            var response = await next(context);
            if (response is RestResponse { StatusCode: StatusCodes.Status200OK } page)
                faults.LoopNextUrl(context.HttpContext.Request, page);
            return response;
        }
        catch (RestRequestException exception)
        {
            return RestResponse.Error(StatusCodes.Status400BadRequest, exception.Message);
        }
        catch (RangeNotRetainedException exception)
        {
            return RestResponse.NotAuthorized(exception.Message);
        }
    }

    private bool HasKey(HttpRequest request)
    {
        var key = options.Value.ApiKey;
        return key.Length == 0 || SecretText.AreEqual(RestKey.Of(request), key);
    }
}
