'use strict'

// The cluster as an admin client sees it.
module.exports = async session => {
  const admin = await session.admin()
  return admin.describeCluster()
}
