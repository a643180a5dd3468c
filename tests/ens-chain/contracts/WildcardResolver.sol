// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;

/// Answers for every name below the one it is set at (ENSIP-10): the address is made of the name, so that a test may have any
/// number of names. A name whose first label begins with "nobody" has no address.
contract WildcardResolver {
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x9061b923 || id == 0x01ffc9a7;
    }

    function resolve(bytes calldata name, bytes calldata call) external pure returns (bytes memory) {
        bytes4 selector = bytes4(call);
        if (selector == 0x3b3b57de) {
            bool nobody = name.length > 7 && bytes6(name[1:7]) == "nobody";
            return abi.encode(nobody ? address(0) : address(uint160(uint256(keccak256(name)))));
        }
        if (selector == 0x59d1d43c) {
            return abi.encode("");
        }
        revert("unsupported");
    }
}
