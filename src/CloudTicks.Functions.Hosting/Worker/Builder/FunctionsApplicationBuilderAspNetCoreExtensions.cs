namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>HTTP support for a function app.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>
    /// Serves HTTP functions, <c>/health</c> and <c>/alive</c> on loopback port 7071 and on the ports of
    /// <c>FunctionsHosting:FurtherPorts</c>, unless <c>urls</c> is set.
    /// </summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.ServesHttp = true;
        return builder;
    }
}
