using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Describing;

/// <summary>A function's HTTP route.</summary>
internal readonly partial record struct FunctionRoute(string Function, string Method, string Path)
{
    /// <summary>The routes of this program, from the functions' attributes.</summary>
    public static IReadOnlyList<FunctionRoute> All { get; } =
    [
        .. from type in typeof(FunctionRoute).Assembly.GetTypes()
           from method in type.GetMethods()
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           from verb in trigger.Methods ?? []
           select new FunctionRoute(function.Name, verb.ToLowerInvariant(), $"/{CatchAll().Replace(trigger.Route ?? function.Name, "{")}"),
    ];

    // Matches the start of a catch-all parameter.
    [GeneratedRegex(@"\{\*+")]
    private static partial Regex CatchAll();
}
