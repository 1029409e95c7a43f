using System.Text;
using Beyla.Routing;

namespace Beyla.Core.Tests.Routing;

public class PathTreeTests
{
    [Fact]
    public void A_folder_with_too_many_names_becomes_a_wildcard_for_good()
    {
        var tree = new PathTree(3, (byte)'*');

        Assert.Equal("/api/users/alice", Learn(tree, "/api/users/alice"));
        Assert.Equal("/api/users/bob", Learn(tree, "/api/users/bob"));
        Assert.Equal("/api/users/carol", Learn(tree, "/api/users/carol"));
        Assert.Equal("/api/users/*", Learn(tree, "/api/users/dave"));
        Assert.Equal("/api/users/*", Learn(tree, "/api/users/alice"));
        Assert.Equal("/api/users/*/x", Learn(tree, "/api/users/eve/x"));
    }

    [Fact]
    public void Merged_folders_may_have_too_many_names_in_turn()
    {
        var tree = new PathTree(2, (byte)'*');

        Assert.Equal("/a/1/x", Learn(tree, "/a/1/x"));
        Assert.Equal("/b/1/x", Learn(tree, "/b/1/x"));
        Assert.Equal("/a/2/x", Learn(tree, "/a/2/x"));
        Assert.Equal("/*/*/x", Learn(tree, "/c/3/x"));
        Assert.Equal("/*/*/y", Learn(tree, "/d/9/y"));
        Assert.Equal("/*/*/x", Learn(tree, "/c/1/x"));
        Assert.Equal("/*/*/x", Learn(tree, "/a/1/x"));
    }

    [Fact]
    public void A_merge_that_meets_a_wildcard_takes_it_over()
    {
        var tree = new PathTree(2, (byte)'*');
        foreach (var path in new[] { "/a/p/k", "/a/q/k", "/a/r/k", "/b/p/l" })
        {
            Learn(tree, path);
        }

        // Below: k of /a, l of /b, and the new m, which is one too many.
        Assert.Equal("/*/*/*", Learn(tree, "/c/p/m"));
        Assert.Equal("/*/*/*", Learn(tree, "/b/p/l"));
        Assert.Equal(NodesBelow(tree.Root), tree.NodeCount);
    }

    [Theory]
    [InlineData("/api/users/")]
    [InlineData("/api/users")]
    [InlineData("/api//users")]
    [InlineData("/api//")]
    [InlineData("/")]
    public void Slashes_are_kept(string path) => Assert.Equal(path, Learn(new PathTree(3, (byte)'*'), path));

    [Fact]
    public void A_path_without_leading_slash_gets_one() => Assert.Equal("/a/b", Learn(new PathTree(3, (byte)'*'), "a/b"));

    [Fact]
    public void The_folder_between_two_slashes_neither_counts_nor_becomes_a_wildcard()
    {
        var tree = new PathTree(1, (byte)'*');
        Learn(tree, "/a//x");
        Learn(tree, "/a/b/x");
        Assert.Equal("/a/*/x", Learn(tree, "/a/c/x"));

        Assert.Equal("/a//x", Learn(tree, "/a//x"));
    }

    [Fact]
    public void Equal_routes_are_one_string()
    {
        var tree = new PathTree(1, (byte)'*');
        Learn(tree, "/a/b");
        Learn(tree, "/a/c");

        Assert.Same(Learn(tree, "/a/d"), Learn(tree, "/a/e"));
    }

    [Fact]
    public void A_path_that_must_not_teach_leaves_no_trace()
    {
        var tree = new PathTree(2, (byte)'*');
        Learn(tree, "/a");
        foreach (var path in new[] { "/b", "/c", "/d", "/a/x", "//x" })
        {
            Assert.Equal("/**", tree.RouteOf(Encoding.UTF8.GetBytes(path), learn: false, new byte[32]));
        }

        Assert.Equal(1, tree.NodeCount);
        Assert.Equal(0, tree.Overflowed);
        Assert.Equal("/a", tree.RouteOf("/a"u8, learn: false, new byte[32]));
    }

    [Fact]
    public void A_full_tree_answers_for_what_it_knows_and_counts_the_rest()
    {
        var tree = new PathTree(1000, (byte)'*', maxNodes: 3);
        Learn(tree, "/a/b/c");

        Assert.Equal("/**", Learn(tree, "/d"));
        Assert.Equal("/**", Learn(tree, "/a/e"));
        Assert.Equal("/a/b", Learn(tree, "/a/b"));
        Assert.Equal(2, tree.Overflowed);
        Assert.Equal(3, tree.NodeCount);
    }

    internal static int NodesBelow(PathTreeNode node)
    {
        var children = new List<PathTreeNode?> { node.Any, node.Empty };
        children.AddRange(node.Names?.Values ?? Enumerable.Empty<PathTreeNode>());
        return children.OfType<PathTreeNode>().Sum(child => 1 + NodesBelow(child));
    }

    internal static string Learn(PathTree tree, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        return tree.RouteOf(bytes, learn: true, new byte[bytes.Length + 1]);
    }
}
