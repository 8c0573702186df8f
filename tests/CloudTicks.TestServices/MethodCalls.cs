using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace CloudTicks.TestServices;

/// <summary>Reads from an assembly which methods call which, for rules that cannot be tested by behaviour.</summary>
public static class MethodCalls
{
    private static readonly Dictionary<int,
    OpCode> Codes = typeof(OpCodes).GetFields().Select(field => field.GetValue(null)).OfType<OpCode>()
        .ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>The methods that a method calls; for an async method, those that its state machine calls.</summary>
    /// <param name="assembly">The path of the assembly.</param>
    /// <param name="type">The type's name without its namespace.</param>
    /// <param name="method">The method's name; all overloads are included.</param>
    /// <returns>Names such as <c>CryptographicOperations.FixedTimeEquals</c>.</returns>
    public static IReadOnlyList<string> Of(string assembly, string type, string method)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        return
        [
            .. from handle in metadata.MethodDefinitions
               let definition = metadata.GetMethodDefinition(handle)
               where definition.RelativeVirtualAddress != 0 && IsOf(metadata, definition, type, method)
               from callee in Callees(metadata, file.GetMethodBody(definition.RelativeVirtualAddress).GetILReader())
               select callee,
        ];
    }

    private static bool IsOf(MetadataReader metadata, MethodDefinition definition, string type, string method)
    {
        var owner = metadata.GetTypeDefinition(definition.GetDeclaringType());
        return metadata.GetString(owner.Name) == type
            ? metadata.GetString(definition.Name) == method
            : metadata.GetString(owner.Name).StartsWith($"<{method}>", StringComparison.Ordinal) && !owner.GetDeclaringType().IsNil
                && metadata.GetString(metadata.GetTypeDefinition(owner.GetDeclaringType()).Name) == type;
    }

    private static List<string> Callees(MetadataReader metadata, BlobReader body)
    {
        var callees = new List<string>();
        while (body.RemainingBytes > 0)
        {
            var first = body.ReadByte();
            var code = Codes[first == 0xFE ? 0xFE00 | body.ReadByte() : first];
            if (code.OperandType == OperandType.InlineMethod)
            {
                callees.Add(Name(metadata, MetadataTokens.EntityHandle(body.ReadInt32())));
            }
            else
            {
                body.Offset += code.OperandType == OperandType.InlineSwitch ? 4 * body.ReadInt32() : Length(code.OperandType);
            }
        }

        return callees;
    }

    private static int Length(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private static string Name(MetadataReader metadata, EntityHandle method) => method.Kind switch
    {
        HandleKind.MethodDefinition => Name(metadata, metadata.GetMethodDefinition((MethodDefinitionHandle)method)),
        HandleKind.MemberReference => Name(metadata, metadata.GetMemberReference((MemberReferenceHandle)method)),
        HandleKind.MethodSpecification => Name(metadata, metadata.GetMethodSpecification((MethodSpecificationHandle)method).Method),
        _ => "",
    };

    private static string Name(MetadataReader metadata, MethodDefinition method) =>
        $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}.{metadata.GetString(method.Name)}";

    private static string Name(MetadataReader metadata, MemberReference method) => method.Parent.Kind == HandleKind.TypeReference
        ? $"{metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)method.Parent).Name)}.{metadata.GetString(method.Name)}"
        : metadata.GetString(method.Name);
}
