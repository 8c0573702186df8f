namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a method as a function: the host calls it when its trigger fires.</summary>
/// <param name="name">The function's name, unique in the app.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    /// <summary>The function's name.</summary>
    public string Name { get; } = name;
}
