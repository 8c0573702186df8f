namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a method as a function: the host calls it when its trigger fires.</summary>
/// <param name="name">The name of the function, unique in the app.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    /// <summary>The name of the function.</summary>
    public string Name { get; } = name;
}
