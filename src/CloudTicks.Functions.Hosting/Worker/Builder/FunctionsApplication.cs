using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The entrance of a function app.</summary>
public static class FunctionsApplication
{
    /// <summary>Makes a builder for the functions of the program's own assembly.</summary>
    /// <param name="args">The command line; it overrides settings, as <c>--urls</c>.</param>
    /// <exception cref="InvalidOperationException">An option is unknown.</exception>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) =>
        new(ServiceArguments.Read(args, "the functions"), functions: null);
}
